package io.guardian.agent.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.agent.attribute.dns.DnsNames;
import io.guardian.agent.workload.InstanceKey;
import io.guardian.agent.workload.Resolvers;
import io.guardian.agent.workload.ServiceWorkload;
import io.guardian.agent.workload.UserNames;
import io.guardian.agent.workload.cgroup.CgroupPath;
import io.guardian.core.net.IpAddress;
import io.guardian.core.text.Json;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a workload asked before a restart is answered after it. */
final class KeptNamesTest {
    private static final IpAddress RESOLVER = IpAddress.parse("10.0.0.53").orElseThrow();
    private static final IpAddress PEER = IpAddress.parse("192.0.2.7").orElseThrow();
    private static final DnsNames.Ends ENDS = new DnsNames.Ends(4711, RESOLVER, false);
    private static final int FIRST = 1_000_000;

    private final Map<String, String> file = new HashMap<>();
    private Instance shop = instance();
    private int asked;
    private int answered;

    private static Instance instance() {
        var workload = new ServiceWorkload(
                new InstanceKey("shop"),
                new CgroupPath("/shop|a.service"),
                7,
                1,
                Instant.EPOCH,
                UserNames.NONE,
                new Resolvers(List.of(RESOLVER)));
        return new Instance(workload, new AgentIdentity("agent:a", "mach:a", "o", "h", "", ""), Json.Obj.EMPTY);
    }

    private void commit(boolean onlyChanged) {
        if (!onlyChanged) {
            file.clear();
        }
        KeptNames.write(shop, onlyChanged, (key, value) -> {
            if (value.isEmpty()) {
                file.remove(key);
            } else {
                file.put(key, value);
            }
        });
    }

    private void restart() {
        shop = instance();
        KeptNames.restore(List.of(shop), file);
    }

    /** A message for `a.test` behind its length, as TCP carries it. */
    private static byte[] message(int id, boolean answer) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(12)
                .putShort((short) id)
                .putShort((short) (answer ? 0x8180 : 0x0100))
                .putShort((short) 1)
                .putShort((short) (answer ? 1 : 0))
                .putInt(0)
                .array());
        var name = "\1a\4test\0".getBytes(StandardCharsets.US_ASCII);
        out.writeBytes(name);
        out.writeBytes(new byte[] {0, 1, 0, 1});
        if (answer) {
            out.writeBytes(name);
            out.writeBytes(new byte[] {0, 1, 0, 1, 0, 0, 0, 60, 0, 4, (byte) 192, 0, 2, 7});
        }
        return ByteBuffer.allocate(2 + out.size())
                .putShort((short) out.size())
                .put(out.toByteArray())
                .array();
    }

    private void asks(byte[] bytes) {
        shop.names().segment(ENDS, new DnsNames.Segment(false, FIRST + asked, asked, ByteBuffer.wrap(bytes)), asked);
        asked += bytes.length;
    }

    private List<DnsNames.Outcome> hears(byte[] bytes) {
        var part = new DnsNames.Segment(true, FIRST + answered, answered, ByteBuffer.wrap(bytes));
        answered += bytes.length;
        return shop.names().segment(ENDS, part, answered);
    }

    @Test
    void an_answer_by_a_tcp_connection_from_before_a_restart_names_the_address() {
        asks(message(1, false));
        assertThat(hears(message(1, true))).containsExactly(DnsNames.Outcome.TAKEN);
        commit(true);
        restart();
        asks(message(2, false));
        commit(true);
        restart();
        var answer = ByteBuffer.wrap(message(2, true));
        var begin = new byte[20];
        var rest = new byte[answer.remaining() - begin.length];
        answer.get(begin).get(rest);
        assertThat(hears(begin)).isEmpty();
        commit(false);
        restart();
        assertThat(hears(rest)).containsExactly(DnsNames.Outcome.TAKEN);
        assertThat(shop.names().of(PEER, answered)).containsExactly("a.test");
    }

    @Test
    void a_closed_connection_is_kept_no_more() {
        asks(message(1, false));
        hears(message(1, true));
        commit(true);
        int kept = file.size();
        shop.names().closed(ENDS.socket());
        commit(true);
        assertThat(file).hasSize(kept - 1);
    }
}
