package io.guardian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ManPagesTest {
    @Test
    void every_command_has_a_page_and_the_pages_of_the_project_are_current() throws IOException {
        var pages = ManPages.all();
        assertThat(pages).containsKeys("spyctl.1", "spyctl-get.1", "spyctl-create.1", "spyctl-apply.1");

        for (var page : pages.entrySet()) {
            var file = Path.of("../docs/man", page.getKey());
            assertThat(file)
                    .as("write the pages again: java -cp … io.guardian.cli.ManPages docs/man")
                    .exists();
            assertThat(Files.readString(file)).as(page.getKey()).isEqualTo(page.getValue());
        }
    }
}
