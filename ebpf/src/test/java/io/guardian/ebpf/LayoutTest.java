package io.guardian.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Java reads where, against what the compiler wrote into the object. */
class LayoutTest {
    private static final Btf BTF = Btf.of(KernelObject.read().bytes());
    private static final Btf BEFORE_5_12 = Btf.of(KernelObject.before512().bytes());

    @ParameterizedTest
    @CsvSource({
        "rec_header, HEADER",
        "rec_image, IMAGE",
        "rec_fork, FORK",
        "rec_exit, EXIT",
        "endpoint, ENDPOINT",
        "rec_socket, SOCKET",
        "rec_other_socket, OTHER_SOCKET",
        "rec_dns, DNS",
        "rec_segment, SEGMENT",
        "rec_credentials, CREDENTIALS",
        "rec_cgroup, CGROUP",
        "open_socket, OPEN_SOCKET",
        "config, CONFIG",
        "reader, READER",
        "settings, SETTINGS"
    })
    void offsets_are_those_of_the_object(String struct, String prefix) throws IllegalAccessException {
        Btf.Struct compiled = BTF.struct(struct);
        assertThat(BEFORE_5_12.struct(struct)).isEqualTo(compiled);
        Map<String, Integer> expected = new HashMap<>(compiled.members());
        expected.remove("header");
        expected.remove("reserved");
        Map<String, Integer> constants = new HashMap<>();
        for (Field field : Layout.class.getDeclaredFields()) {
            if (field.getName().startsWith(prefix + "_")) {
                String member = field.getName().substring(prefix.length() + 1).toLowerCase(Locale.ROOT);
                constants.put(member, field.getInt(null));
            }
        }
        // Not an offset but the size of comm.
        constants.remove("comm_bytes");
        assertThat(constants).isEqualTo(expected);
        assertThat(constant(prefix)).isEqualTo(compiled.size());
    }

    private static int constant(String name) throws IllegalAccessException {
        for (Field field : Layout.class.getDeclaredFields()) {
            if (field.getName().equals(name)) {
                return field.getInt(null);
            }
        }
        throw new AssertionError("no constant " + name);
    }
}
