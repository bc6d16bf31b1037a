package io.guardian.agent.decode;

import io.guardian.agent.attribute.LossMark;
import io.guardian.agent.attribute.LossSlots;
import io.guardian.ebpf.Capabilities;
import io.guardian.ebpf.RecordConsumer;
import io.guardian.ebpf.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where records come from. One thread polls and releases. */
public interface RecordSource extends AutoCloseable {

    /** Hands out what arrived, waiting this long for the first; as {@link io.guardian.ebpf.Sensor#poll}. */
    int poll(Duration timeout, RecordConsumer consumer);

    /** Everything up to this position is safe elsewhere. */
    void release(long position);

    /** What runs now. */
    Snapshot snapshot();

    /** Looks for changes that don't come by themselves; called once a second. */
    void sweep();

    /** Records lost so far, by where and why. */
    Map<String, Long> losses();

    /** What tells whether records were missed since an earlier moment. */
    default LossMark lossMark() {
        return new LossMark(
                0, losses().values().stream().mapToLong(Long::longValue).sum());
    }

    /** The same by cgroup; empty if nobody counts that. */
    default Optional<LossSlots> lossSlots() {
        return Optional.empty();
    }

    /** {@code ebpf} or the name of a lesser source. */
    String kind();

    /** Whether it sees every fork and exec, so that the place of a process in its tree is certain. */
    boolean isComplete();

    /** What the kernel sensor found out about this machine; empty for a lesser source. */
    default Optional<Capabilities> capabilities() {
        return Optional.empty();
    }

    /** What it can't see, each with the reason; empty if it sees all. */
    List<String> limits();

    @Override
    void close();
}
