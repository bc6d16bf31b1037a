package io.guardian.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.ebpf.KernelRecord.DnsSegment;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;

/** What is told of workload.c's `dns-tcp`: a question of 27 bytes, and answers of 43 and 5,000. */
final class SeenDns {
    private static final Endpoint RESOLVER = new Endpoint(InetAddress.ofLiteral("127.0.0.1"), 53, false);

    private SeenDns() {}

    static void assertStream(List<DnsSegment> all) {
        assertThat(all).allSatisfy(part -> {
            assertThat(part.resolver()).isEqualTo(RESOLVER);
            assertThat(part.overLoopback()).isTrue();
            assertThat(part.skipped()).isZero();
        });
        assertThat(all.stream().map(DnsSegment::socket).distinct()).hasSize(1);
        ByteBuffer asked = joined(all, false);
        assertThat(asked.limit()).isEqualTo(2 + 27);
        assertThat(asked.getShort(0)).isEqualTo((short) 27);
        assertThat(asked.getShort(2)).isEqualTo((short) 0x1234);
        ByteBuffer answered = joined(all, true);
        assertThat(answered.limit()).isEqualTo(2 + 43 + 2 + 5_000);
        assertThat(answered.getInt(2 + 39)).isEqualTo(0xc0000207);
        assertThat(answered.getShort(45)).isEqualTo((short) 5_000);
        for (int i = 2; i < 5_002; i++) {
            assertThat(answered.get(45 + i)).isEqualTo((byte) i);
        }
    }

    /** By their offsets, which have no gap and agree with TCP's numbers. */
    private static ByteBuffer joined(List<DnsSegment> all, boolean answer) {
        List<DnsSegment> parts = all.stream()
                .filter(part -> part.isAnswer() == answer)
                .sorted(Comparator.comparingInt(DnsSegment::offset))
                .toList();
        assertThat(parts.stream().map(part -> part.sequence() - part.offset()).distinct())
                .hasSize(1);
        ByteBuffer joined = ByteBuffer.allocate(1 << 16);
        for (DnsSegment part : parts) {
            assertThat(part.offset()).isEqualTo(joined.position());
            joined.put(part.bytes().bytes());
        }
        return joined.flip();
    }
}
