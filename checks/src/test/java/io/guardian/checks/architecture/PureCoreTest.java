package io.guardian.checks.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Core decides; it never looks at a clock, draws a random number, opens a file or a socket, or starts a thread. */
class PureCoreTest {
    private static final Set<String> CLOCKS =
            Set.of("now", "currentTimeMillis", "nanoTime", "systemUTC", "systemDefaultZone");

    @Test
    void core_opens_no_file_and_no_socket() {
        noClasses()
                .that()
                .resideInAPackage("io.guardian.core..")
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "files, sockets, processes or threads",
                        (JavaClass type) -> type.getPackageName().startsWith("java.nio.file")
                                || type.getPackageName().startsWith("java.nio.channels")
                                || type.getPackageName().startsWith("java.net.http")
                                || Set.of(
                                                "java.io.File",
                                                "java.io.FileInputStream",
                                                "java.io.FileOutputStream",
                                                "java.net.Socket",
                                                "java.net.InetAddress",
                                                "java.lang.Thread",
                                                "java.lang.ProcessBuilder",
                                                "java.util.Random",
                                                "java.security.SecureRandom")
                                        .contains(type.getName())))
                .check(Product.CLASSES);
    }

    @Test
    void core_reads_no_clock() {
        noClasses()
                .that()
                .resideInAPackage("io.guardian.core..")
                .should()
                .accessTargetWhere(DescribedPredicate.describe(
                        "a clock is read",
                        (JavaAccess<?> access) -> CLOCKS.contains(access.getName())
                                && access.getTargetOwner().getPackageName().startsWith("java.")))
                .check(Product.CLASSES);
    }
}
