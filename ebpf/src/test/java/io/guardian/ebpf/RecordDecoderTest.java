package io.guardian.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records from bytes made by hand. */
class RecordDecoderTest {
    private static final class Results implements RecordDecoder.Result {
        final List<KernelRecord> records = new ArrayList<>();
        final List<Flaw> flaws = new ArrayList<>();

        @Override
        public void record(KernelRecord record) {
            records.add(record);
        }

        @Override
        public void flaw(Flaw flaw) {
            flaws.add(flaw);
        }
    }

    private static Results decode(byte[] bytes) {
        Results results = new Results();
        new RecordDecoder(77).decode(new Bytes(MemorySegment.ofArray(bytes), 0, bytes.length), results);
        assertThat(results.records.size() + results.flaws.size()).isEqualTo(1);
        return results;
    }

    private static Results decode(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.capacity()];
        buffer.get(0, bytes);
        return decode(bytes);
    }

    private static Flaw flaw(ByteBuffer buffer) {
        return decode(buffer).flaws.getFirst();
    }

    private static Flaw flaw(byte[] bytes) {
        return decode(bytes).flaws.getFirst();
    }

    private static ByteBuffer record(int kind, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(Layout.HEADER_SEQUENCE, 5);
        bytes.putLong(Layout.HEADER_BOOT_NS, 1_000);
        bytes.putLong(Layout.HEADER_START_BOOT_NS, 900);
        bytes.putLong(Layout.HEADER_CGROUP_ID, 42);
        bytes.putShort(Layout.HEADER_KIND, (short) kind);
        bytes.putShort(Layout.HEADER_CPU, (short) 3);
        bytes.putInt(Layout.HEADER_TGID, 100);
        bytes.putInt(Layout.HEADER_TID, 101);
        bytes.putInt(Layout.HEADER_EUID, -2);
        bytes.putInt(Layout.HEADER_USER_NS, 0xf0000000);
        return bytes;
    }

    @Test
    void header_reads_unsigned_numbers() {
        KernelRecord exit = decode(record(3, Layout.EXIT)).records.getFirst();
        assertThat(exit.header())
                .isEqualTo(new Header(77, 3, 5, 1_000, new ProcessKey(100, 900), 101, 42, 4294967294L, 0xf0000000L));
    }

    @Test
    void record_of_nobody_has_no_process_and_no_user() {
        ByteBuffer bytes = record(3, Layout.EXIT);
        bytes.putInt(Layout.HEADER_TGID, 0).putInt(Layout.HEADER_EUID, -1);
        Header header = decode(bytes).records.getFirst().header();
        assertThat(header.process().isKnown()).isFalse();
        assertThat(header.euid()).isEqualTo(Header.NO_UID);
    }

    private static ByteBuffer exec(String exe, String filename, String interpreter, byte[] args) {
        byte[] text = (exe + filename + interpreter).getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = record(1, Layout.IMAGE + text.length + args.length);
        bytes.putShort(Layout.IMAGE_EXE_LEN, (short) exe.length());
        bytes.putShort(Layout.IMAGE_FILENAME_LEN, (short) filename.length());
        bytes.putShort(Layout.IMAGE_INTERPRETER_LEN, (short) interpreter.length());
        bytes.putShort(Layout.IMAGE_ARGS_LEN, (short) args.length);
        bytes.put(Layout.IMAGE, text).put(Layout.IMAGE + text.length, args);
        bytes.put(Layout.IMAGE_COMM, "sh".getBytes(StandardCharsets.UTF_8));
        return bytes;
    }

    @Test
    void exec_tells_where_its_file_and_its_root_lie() {
        byte[] rest = "args".getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = exec("/nginx", "/lower/bash/lower", "", rest);
        bytes.putInt(Layout.IMAGE_DEVICE, 7).putInt(Layout.IMAGE_ROOT_DEVICE, 8);
        bytes.putShort(Layout.IMAGE_FILENAME_LEN, (short) 0);
        bytes.putShort(Layout.IMAGE_INNER_LEN, (short) 11).putShort(Layout.IMAGE_ROOT_LEN, (short) 6);
        ProcessImage image = ((KernelRecord.Exec) decode(bytes).records.getFirst()).image();
        assertThat(image.exe().path()).isEqualTo("/nginx");
        assertThat(image.exe().location()).isEqualTo(new FileLocation(7, "/lower/bash"));
        assertThat(image.root()).isEqualTo(new FileLocation(8, "/lower"));
        assertThat(image.args()).containsExactly("args");

        bytes.putInt(Layout.IMAGE_FLAGS, Layout.FLAG_INNER_CUT | Layout.FLAG_ROOT_CUT);
        image = ((KernelRecord.Exec) decode(bytes).records.getFirst()).image();
        assertThat(image.exe().location().isKnown()).isFalse();
        assertThat(image.root().isKnown()).isFalse();
    }

    @Test
    void exec_has_its_parts_in_order() {
        byte[] args = "/bin/sh\0-e\0\0x".getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = exec("/usr/bin/dash", "./a.sh", "/bin/sh", args);
        bytes.putInt(Layout.IMAGE_ORIGIN, 2).putInt(Layout.IMAGE_FLAGS, Layout.FLAG_OVERLAY);
        KernelRecord.Exec exec = (KernelRecord.Exec) decode(bytes).records.getFirst();
        assertThat(exec.image().exe().path()).isEqualTo("/usr/bin/dash");
        assertThat(exec.image().exe().origin()).isEqualTo(Origin.UPPER);
        assertThat(exec.image().exe().overlay()).isTrue();
        assertThat(exec.filename()).isEqualTo("./a.sh");
        assertThat(exec.interpreter()).isEqualTo("/bin/sh");
        assertThat(exec.image().comm()).isEqualTo("sh");
        assertThat(exec.image().args()).containsExactly("/bin/sh", "-e", "", "x");
        assertThat(exec.image().argsCut()).isFalse();
    }

    private static String path(byte[] name) {
        ByteBuffer bytes = record(1, Layout.IMAGE + name.length);
        bytes.putShort(Layout.IMAGE_EXE_LEN, (short) name.length).put(Layout.IMAGE, name);
        return ((KernelRecord.Exec) decode(bytes).records.getFirst())
                .image()
                .exe()
                .path();
    }

    @Test
    void different_paths_are_different_texts_whatever_their_bytes() {
        assertThat(path("/opt/caf\u00e9 \u732b \ud83d\udc08".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("/opt/caf\u00e9 \u732b \ud83d\udc08");
        assertThat(path("/opt/caf\u00e9".getBytes(StandardCharsets.ISO_8859_1))).isEqualTo("/opt/caf\ufffde9");
        assertThat(path("/opt/caf\u00ff".getBytes(StandardCharsets.ISO_8859_1))).isEqualTo("/opt/caf\ufffdff");
        assertThat(path("/opt/caf\ufffde9".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("/opt/caf\ufffdef\ufffdbf\ufffdbde9");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void no_two_paths_of_any_bytes_are_one_text(long seed) {
        Random random = new Random(Long.getLong("seed", seed));
        byte[] alphabet = {'a', (byte) 0xef, (byte) 0xbf, (byte) 0xbd, (byte) 0xc3, (byte) 0xa9, (byte) 0xf0, 'f'};
        Map<String, String> seen = new HashMap<>();
        for (int round = 0; round < 20_000; round++) {
            byte[] name = new byte[1 + random.nextInt(6)];
            for (int i = 0; i < name.length; i++) {
                name[i] = alphabet[random.nextInt(alphabet.length)];
            }
            String hex = HexFormat.of().formatHex(name);
            assertThat(seen.computeIfAbsent(path(name), text -> hex)).isEqualTo(hex);
        }
    }

    @Test
    void end_of_a_path_that_is_too_long_is_no_path() {
        ByteBuffer bytes = exec("/usr/lib/shop/x", "", "", new byte[0]);
        bytes.putInt(Layout.IMAGE_FLAGS, Layout.FLAG_PATH_CUT);
        ExeFile exe =
                ((KernelRecord.Exec) decode(bytes).records.getFirst()).image().exe();
        assertThat(exe.path()).isEqualTo("(cut)/usr/lib/shop/x");
        assertThat(exe.pathCut()).isTrue();
        assertThat(exe.location().isKnown()).isFalse();
    }

    @Test
    void executable_without_a_path_is_unknown() {
        KernelRecord.Exec exec = (KernelRecord.Exec)
                decode(exec("", "x", "", new byte[0])).records.getFirst();
        assertThat(exec.image().exe().path()).isEqualTo("unknown");
        assertThat(exec.image().args()).isEmpty();
    }

    @Test
    void malformed_record_is_named() {
        assertThat(flaw(new byte[Layout.HEADER - 1])).isEqualTo(Flaw.TOO_SHORT);
        assertThat(flaw(record(99, 200))).isEqualTo(Flaw.UNKNOWN_KIND);
        assertThat(flaw(record(0, 200))).isEqualTo(Flaw.UNKNOWN_KIND);
        for (int kind = 1; kind <= 16; kind++) {
            assertThat(flaw(record(kind, Layout.HEADER))).as("kind %d", kind).isEqualTo(Flaw.TOO_SHORT);
        }
        ByteBuffer exec = exec("/bin/x", "", "", new byte[0]);
        exec.putShort(Layout.IMAGE_ARGS_LEN, (short) -1);
        assertThat(flaw(exec)).isEqualTo(Flaw.WRONG_LENGTH);
        ByteBuffer dns = record(10, Layout.DNS + 4).putShort(Layout.DNS_LENGTH, (short) 5);
        assertThat(flaw(dns)).isEqualTo(Flaw.WRONG_LENGTH);
        ByteBuffer segment = record(16, Layout.SEGMENT + 4).putShort(Layout.SEGMENT_LENGTH, (short) 5);
        assertThat(flaw(segment)).isEqualTo(Flaw.WRONG_LENGTH);
        ByteBuffer cgroup = record(12, Layout.CGROUP).putInt(Layout.CGROUP_PATH_LEN, -1);
        assertThat(flaw(cgroup)).isEqualTo(Flaw.WRONG_LENGTH);
        assertThat(flaw(record(4, Layout.SOCKET))).isEqualTo(Flaw.WRONG_PROTOCOL);
        ByteBuffer socket = record(4, Layout.SOCKET).put(Layout.SOCKET_PROTOCOL, (byte) 6);
        socket.put(Layout.SOCKET_REMOTE + Layout.ENDPOINT_FAMILY, (byte) 9);
        assertThat(flaw(socket)).isEqualTo(Flaw.WRONG_FAMILY);
    }

    @Test
    void mapped_address_is_given_as_ipv4() {
        ByteBuffer socket = record(4, Layout.SOCKET).put(Layout.SOCKET_PROTOCOL, (byte) 17);
        byte[] address = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 1, 2, 3};
        socket.put(Layout.SOCKET_REMOTE, address).putShort(Layout.SOCKET_REMOTE + Layout.ENDPOINT_PORT, (short) 65535);
        socket.put(Layout.SOCKET_REMOTE + Layout.ENDPOINT_FAMILY, (byte) Bytes.AF_INET6);
        KernelRecord.Connect connect =
                (KernelRecord.Connect) decode(socket).records.getFirst();
        assertThat(connect.asked()).isEqualTo(new Endpoint(InetAddress.ofLiteral("10.1.2.3"), 65535, true));
        assertThat(connect.protocol()).isEqualTo(Protocol.UDP);
        socket.put(Layout.SOCKET_REMOTE + Layout.ENDPOINT_FAMILY, (byte) Bytes.AF_INET);
        connect = (KernelRecord.Connect) decode(socket).records.getFirst();
        assertThat(connect.asked().mapped()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void any_bytes_give_a_record_or_a_flaw(long seed) {
        Random random = new Random(Long.getLong("seed", seed));
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(400)];
            random.nextBytes(bytes);
            if (bytes.length >= Layout.HEADER) {
                bytes[Layout.HEADER_KIND] = (byte) random.nextInt(18);
                bytes[Layout.HEADER_KIND + 1] = 0;
            }
            decode(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void lengths_that_almost_fit_are_found(long seed) {
        Random random = new Random(Long.getLong("seed", seed));
        for (int round = 0; round < 5_000; round++) {
            ByteBuffer exec = exec("/usr/bin/x", "x", "", new byte[random.nextInt(100)]);
            exec.putShort(Layout.IMAGE_EXE_LEN + 2 * random.nextInt(4), (short) random.nextInt(120));
            Results results = decode(exec);
            assertThat(results.flaws).allMatch(Flaw.WRONG_LENGTH::equals);
        }
    }
}
