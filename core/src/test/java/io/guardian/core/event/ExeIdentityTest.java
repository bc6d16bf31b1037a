package io.guardian.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.selector.Glob;
import io.guardian.core.text.Json;
import java.util.Arrays;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExeIdentityTest {
    @ParameterizedTest
    @CsvSource({
        "/usr/sbin/nginx, IMAGE,         true,  /usr/sbin/nginx",
        "/usr/sbin/nginx, UNKNOWN,       true,  /usr/sbin/nginx",
        "/tmp/x,          UPPER,         true,  /tmp/x (upper layer)",
        "/data/x,         OTHER_MOUNT,   true,  /data/x (other mount)",
        "/usr/sbin/nginx, FOREIGN_MOUNT, true,  /usr/sbin/nginx (foreign mount)",
        "memfd:x,         MEMFD,         true,  x (memfd)",
        "/tmp/x,          DELETED,       true,  /tmp/x (deleted)",
        "/usr/bin/x,      UPPER,         false, /usr/bin/x",
        "/opt/x,          OTHER_MOUNT,   false, /opt/x",
        "/usr/sbin/nginx, FOREIGN_MOUNT, false, /usr/sbin/nginx (foreign mount)",
        "memfd:x,         MEMFD,         false, x (memfd)",
        "/tmp/x,          DELETED,       false, /tmp/x (deleted)",
    })
    void only_a_file_that_its_path_names_is_plain(String path, ExeOrigin origin, boolean inContainer, String text) {
        assertThat(ExeIdentity.of(path, origin, inContainer)).isEqualTo(text);
    }

    @Test
    void a_file_whose_name_looks_marked_has_another_text_than_a_marked_one() {
        var texts = new HashSet<String>();
        for (var origin : ExeOrigin.values()) {
            String marked = ExeIdentity.of("/usr/bin/x", origin, true);
            if (origin != ExeOrigin.UNKNOWN) {
                assertThat(texts.add(marked)).isTrue();
                if (!marked.equals("/usr/bin/x")) {
                    assertThat(ExeIdentity.of(marked, ExeOrigin.IMAGE, true)).isNotEqualTo(marked);
                    assertThat(texts.add(ExeIdentity.of(marked, ExeOrigin.IMAGE, true)))
                            .isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/tmp/*,          /tmp/\\x2a",
        "/tmp/a?,         /tmp/a\\x3f",
        "/tmp/[ab]*,      /tmp/\\x5bab]\\x2a",
        "/tmp/\\x2a,     /tmp/\\x5cx2a",
        "/usr/bin/[,      /usr/bin/[",
        "/tmp/]x[,        /tmp/]x[",
        "/tmp/]x[y],      /tmp/]x\\x5by]",
    })
    void the_name_of_a_file_is_never_a_pattern(String path, String text) {
        assertThat(ExeIdentity.of(path, ExeOrigin.IMAGE, true)).isEqualTo(text);
        assertThat(Glob.of(text).matches(text)).isTrue();
        assertThat(Glob.of(text).matches("/tmp/anything")).isFalse();
    }

    @Test
    void a_record_says_by_itself_how_its_executable_is_compared() {
        var onHost =
                Json.object().put("exe", "/tmp/x").put("exe_origin", "upper").build();
        assertThat(ExeIdentity.of(onHost)).isEqualTo("/tmp/x");
        assertThat(ExeIdentity.of(onHost.with("container_uid", Json.of("cont:1"))))
                .isEqualTo("/tmp/x (upper layer)");
        assertThat(ExeIdentity.of(Json.Obj.EMPTY)).isEmpty();
    }

    @Test
    void selectors_find_a_marked_file_by_its_path_too() {
        assertThat(ExeIdentity.findable("/tmp/x (upper layer)", "/tmp/x"))
                .containsExactly("/tmp/x (upper layer)", "/tmp/x");
        assertThat(ExeIdentity.findable("/tmp/x", "/tmp/x")).containsExactly("/tmp/x");
        assertThat(ExeIdentity.findable("/tmp/x", "")).containsExactly("/tmp/x");
    }

    @Test
    void origins_read_back() {
        assertThat(Arrays.stream(ExeOrigin.values()).map(each -> ExeOrigin.parse(each.toString())))
                .containsExactly(ExeOrigin.values());
        assertThat(ExeOrigin.parse("something later")).isEqualTo(ExeOrigin.UNKNOWN);
    }
}
