package io.guardian.checks.simulation;

import io.guardian.core.net.IpAddress;
import io.guardian.ebpf.RecordBytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/** A resolver of simulated workloads, and somebody who answers in its place (RFC 1035 section 4). */
final class SimulatedNames {
    static final String DOMAIN = "shop.example";
    /** Addresses that only a name makes allowed. */
    static final String NAMED = "198.18.0.";

    static final RecordBytes.End RESOLVER = new RecordBytes.End("10.0.0.53", 53);
    static final RecordBytes.End FORGER = new RecordBytes.End("10.66.66.66", 53);
    static final List<IpAddress> RESOLVERS =
            List.of(IpAddress.parse(RESOLVER.address()).orElseThrow());
    private static final int NAMES = 20;
    private static final int TTL_SECONDS = 60;
    private static final int QUERY = 0x0100;
    private static final int RESPONSE = 0x8180;

    private SimulatedNames() {}

    /** A question, and the address that its answer will hold. */
    record Question(int id, String name, String address) {
        static Question drawn(SplittableRandom random) {
            return new Question(
                    random.nextInt(1 << 16),
                    "api" + random.nextInt(NAMES) + "." + DOMAIN,
                    NAMED + random.nextInt(1, 250));
        }

        /** The same with another address, as somebody makes it who wants that to be allowed. */
        Question forged(String instead) {
            return new Question(id, name, instead);
        }

        byte[] query() {
            return message(QUERY, 0, "");
        }

        byte[] answer() {
            return message(RESPONSE, 1, address);
        }

        /** A question, and an answer of one address or none. */
        private byte[] message(int flags, int answers, String answer) {
            var out = new ByteArrayOutputStream();
            words(out, id, flags, 1, answers, 0, 0);
            for (String label : name.split("\\.", -1)) {
                out.write(label.length());
                out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
            }
            out.write(0);
            words(out, 1, 1);
            if (answers > 0) {
                words(out, 0xc00c, 1, 1, 0, TTL_SECONDS, 4);
                for (String part : answer.split("\\.", 4)) {
                    out.write(Integer.parseInt(part));
                }
            }
            return out.toByteArray();
        }

        private static void words(ByteArrayOutputStream out, int... words) {
            for (int word : words) {
                out.write(word >> 8);
                out.write(word);
            }
        }
    }
}
