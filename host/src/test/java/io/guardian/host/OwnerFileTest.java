package io.guardian.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerFileTest {
    @TempDir
    private Path folder;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void file_is_replaced_and_only_its_owner_may_read_it() throws Exception {
        var file = folder.resolve("key");
        Files.writeString(file, "old");
        // What a program that was killed in the middle left behind.
        Files.writeString(folder.resolve("key.new"), "half");
        OwnerFile.replace(file, bytes("new"));
        assertThat(file).hasContent("new");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(folder.resolve("key.new")).doesNotExist();
    }

    @Test
    void file_that_can_not_be_replaced_is_what_it_was() throws Exception {
        var inTheWay = Files.createDirectories(folder.resolve("key/full"));
        assertThatThrownBy(() -> OwnerFile.replace(folder.resolve("key"), bytes("new")))
                .isInstanceOf(IOException.class);
        assertThat(inTheWay).isDirectory();
    }
}
