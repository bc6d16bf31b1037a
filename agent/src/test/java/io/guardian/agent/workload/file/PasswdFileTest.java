package io.guardian.agent.workload.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.agent.workload.UserNames;
import org.junit.jupiter.api.Test;

final class PasswdFileTest {

    @Test
    void users_are_named_by_their_first_entry() {
        UserNames names =
                PasswdFile.parse("root:x:0:0:root:/root:/bin/sh\nshop:x:1000:1000::/:\nalias:x:1000:1000::/:\n");
        assertThat(names.nameOf(1000)).isEqualTo("shop");
        assertThat(names.nameOf(1001)).isEqualTo("1001");
    }

    @Test
    void only_uid_0_is_root_whatever_the_file_says() {
        UserNames names = PasswdFile.parse("toor:x:0:0::/:\nroot:x:7:7::/:\nroot:x:1000:1000::/:\n");
        assertThat(names.nameOf(0)).isEqualTo("root");
        assertThat(names.nameOf(7)).isEqualTo("7");
        assertThat(names.nameOf(1000)).isEqualTo("1000");
        assertThat(UserNames.NONE.nameOf(0)).isEqualTo("root");
    }

    @Test
    void lines_that_are_no_entries_are_skipped() {
        UserNames names = PasswdFile.parse("""

                # comment:x:1:1::/:
                +nis:x:2:2::/:
                no colon
                :x:3:3::/:
                two words:x:4:4::/:
                neg:x:-5:5::/:
                big:x:4294967296:6::/:
                text:x:seven:7::/:
                bell\u0007:x:8:8::/:
                largest:x:4294967295:9::/:
                short:x:10
                """);
        assertThat(names.size()).isEqualTo(2);
        assertThat(names.nameOf(4_294_967_295L)).isEqualTo("largest");
        assertThat(names.nameOf(10)).isEqualTo("short");
    }

    @Test
    void a_file_of_a_million_lines_costs_little() {
        assertThat(PasswdFile.parse("\n".repeat(1 << 20)).size()).isZero();
        assertThat(PasswdFile.parse("a:x:1:\n".repeat(100_000)).size()).isOne();
    }
}
