package io.guardian.checks.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import org.junit.jupiter.api.Test;

/** Which module and package may know which. */
class ModuleBoundariesTest {

    @Test
    void core_knows_only_the_platform_and_its_readers() {
        classes()
                .that()
                .resideInAPackage("io.guardian.core..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "io.guardian.core..",
                        "org.jspecify..",
                        "com.fasterxml.jackson.core..",
                        "org.snakeyaml.engine..")
                .check(Product.CLASSES);
    }

    @Test
    void only_the_text_package_knows_a_parser_library() {
        noClasses()
                .that()
                .resideInAPackage("io.guardian.core..")
                .and()
                .resideOutsideOfPackage("io.guardian.core.text..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.fasterxml..", "org.snakeyaml..")
                .check(Product.CLASSES);
    }

    @Test
    void the_native_module_knows_only_the_platform() {
        classes()
                .that()
                .resideInAPackage("io.guardian.ebpf..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "io.guardian.ebpf..", "org.jspecify..")
                .check(Product.CLASSES);
    }

    @Test
    void what_programs_share_of_the_machine_knows_only_the_platform() {
        classes()
                .that()
                .resideInAPackage("io.guardian.host..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "javax.net.ssl..", "io.guardian.host..", "org.jspecify..")
                .check(Product.CLASSES);
    }

    @Test
    void only_the_native_module_makes_native_calls() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.guardian.ebpf..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.Linker")
                .check(Product.CLASSES);
    }

    @Test
    void programs_do_not_know_each_other() {
        noClasses()
                .that()
                .resideInAPackage("io.guardian.agent..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.guardian.backend..", "io.guardian.cli..", "io.guardian.cluster..")
                .check(Product.CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.guardian.backend..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.guardian.agent..", "io.guardian.cli..", "io.guardian.ebpf..", "io.guardian.cluster..")
                .check(Product.CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.guardian.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.guardian.backend..", "io.guardian.agent..", "io.guardian.ebpf..", "io.guardian.cluster..")
                .check(Product.CLASSES);
    }

    @Test
    void the_cluster_monitor_borrows_from_the_agent_only_how_to_talk_to_the_server() {
        noClasses()
                .that()
                .resideInAPackage("io.guardian.cluster..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.guardian.backend..",
                        "io.guardian.cli..",
                        "io.guardian.ebpf..",
                        "io.guardian.agent.decode..",
                        "io.guardian.agent.attribute..",
                        "io.guardian.agent.workload..",
                        "io.guardian.agent.decide..",
                        "io.guardian.agent.act..")
                .allowEmptyShould(true)
                .check(Product.CLASSES);
    }

    @Test
    void only_the_cluster_monitor_knows_the_kubernetes_client() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.guardian.cluster..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8..")
                .check(Product.CLASSES);
    }

    @Test
    void packages_of_a_module_form_no_cycles() {
        for (String module : new String[] {"core", "host", "ebpf", "agent", "cluster", "backend", "cli"}) {
            slices().matching("io.guardian." + module + ".(*)..")
                    .should()
                    .beFreeOfCycles()
                    .allowEmptyShould(true)
                    .check(Product.CLASSES);
        }
    }
}
