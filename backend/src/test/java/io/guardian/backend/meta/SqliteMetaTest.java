package io.guardian.backend.meta;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.DriverManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteMetaTest extends MetaStoreContract {
    @TempDir
    Path folder = Path.of("");

    private MetaStore store;

    @BeforeEach
    void open() {
        store = SqliteMeta.open(folder.resolve("meta.db"), CLOCK, new SecureRandom());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    MetaStore store() {
        return store;
    }

    @Test
    void file_is_readable_by_its_owner_only() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("meta.db"))))
                .isEqualTo("rw-------");
    }

    @Test
    void everything_is_there_after_a_restart() {
        var acme = store.organisations().create("acme", "ops@acme.test");
        store.close();
        open();
        assertThat(store.organisations().list()).containsExactly(acme);
    }

    @Test
    void secrets_are_not_in_the_file() throws Exception {
        var acme = store.organisations().create("acme", "ops@acme.test");
        var key = store.keys()
                .create(new Keys.NewKey(acme.uid(), "ana@acme.test", "laptop", Role.ADMIN, Validity.from(NOW)));
        store.close();
        String bytes = new String(Files.readAllBytes(folder.resolve("meta.db")), StandardCharsets.ISO_8859_1);
        open();
        assertThat(bytes).contains("ana@acme.test").doesNotContain(key.secret());
    }

    @Test
    void changed_audit_record_breaks_the_chain() throws Exception {
        var acme = store.organisations().create("acme", "ops@acme.test");
        var first = store.audit().append(entry(acme.uid(), "policy.delete"));
        store.audit().append(entry(acme.uid(), "policy.create"));
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("meta.db"));
                var statement = connection.createStatement()) {
            statement.executeUpdate(
                    "UPDATE audit_record SET record = replace(record, 'policy.delete', 'policy.update') WHERE seq = 1");
        }
        assertThat(store.audit().firstBroken(acme.uid())).contains(first.text("id"));
    }
}
