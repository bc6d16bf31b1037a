package io.guardian.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The kernel's process events, of processes that the test starts. */
class ProcessConnectorTest {
    private final List<ProcessNotice> notices = new ArrayList<>();

    private ProcessNotice await(ProcessConnector connector, Predicate<ProcessNotice> wanted) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < until) {
            connector.poll(Duration.ofMillis(50), notices::add);
            var found = notices.stream().filter(wanted).findFirst();
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new AssertionError("not among " + notices.size() + " notices");
    }

    private static ProcessConnector open() {
        assumeTrue("root".equals(System.getProperty("user.name")), "process events need root");
        return switch (ProcessConnector.open()) {
            case ProcessConnector.Opening.Opened(var connector) -> connector;
            case ProcessConnector.Opening.Unavailable(var reason) ->
                org.junit.jupiter.api.Assumptions.abort("the kernel refuses: " + reason);
        };
    }

    @Test
    @Tag("kernel")
    void process_is_told_from_fork_to_exit_with_its_status() throws Exception {
        try (var connector = open()) {
            long before = Clocks.bootNanos();
            var process = new ProcessBuilder("/bin/sh", "-c", "/bin/true & wait; exit 7").start();
            int pid = (int) process.pid();
            assertThat(process.waitFor()).isEqualTo(7);
            var ended = (ProcessNotice.Ended) await(
                    connector, it -> it instanceof ProcessNotice.Ended(int who, int s, long t) && who == pid);
            assertThat(ended.status()).isEqualTo(7 << 8);
            assertThat(ended.bootNanos()).isBetween(before, Clocks.bootNanos());
            assertThat(notices)
                    .anyMatch(it -> it instanceof ProcessNotice.Executed(int who, long t) && who == pid)
                    .anyMatch(it -> it instanceof ProcessNotice.Forked(int parent, int child, long t)
                            && parent == pid
                            && child != pid);
            assertThat(connector.overruns()).isZero();
        }
    }

    @Test
    @Tag("kernel")
    void change_of_user_is_told() throws Exception {
        try (var connector = open()) {
            var process = new ProcessBuilder("setpriv", "--reuid=65534", "--clear-groups", "/bin/true").start();
            int pid = (int) process.pid();
            assertThat(process.waitFor()).isZero();
            await(
                    connector,
                    it -> it instanceof ProcessNotice.UserChanged(int who, long euid, long t)
                            && who == pid
                            && euid == 65_534);
        }
    }

    @Test
    void bytes_that_are_no_event_give_nothing_and_never_fail() {
        var random = new Random(Long.getLong("seed", 20_261));
        for (int i = 0; i < 20_000; i++) {
            var bytes = new byte[random.nextInt(120)];
            random.nextBytes(bytes);
            var messages = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
            if (bytes.length >= 24 && random.nextBoolean()) {
                messages.putInt(0, random.nextInt(140));
                messages.putInt(16, 1);
                messages.putInt(20, 1);
            }
            int steps = 0;
            while (messages.hasRemaining()) {
                var message = Netlink.next(messages);
                ProcessConnector.notice(message, 0);
                SocketEntry.parse(message, 1, Protocol.TCP);
                SocketEntry.parse(message, 1, Protocol.UDP);
                assertThat(++steps).isLessThan(100);
            }
        }
    }
}
