package io.guardian.agent.run;

import io.guardian.ebpf.Clocks;
import java.util.concurrent.locks.LockSupport;

/** The clocks of the machine, and how to wait. */
public interface Time {
    /** The clocks of this machine. */
    Time MACHINE = new Time() {
        @Override
        public long bootNanos() {
            return Clocks.bootNanos();
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void pause(long nanos) {
            LockSupport.parkNanos(nanos);
        }
    };

    /** Nanoseconds since boot, sleep included: the clock of kernel records. */
    long bootNanos();

    /** Nanoseconds from some moment on, for measuring how long something took. */
    long nanos();

    /** Waits about this long. */
    void pause(long nanos);
}
