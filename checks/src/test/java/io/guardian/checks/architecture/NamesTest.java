package io.guardian.checks.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** A class is named for its one idea, and every package says what it is and that it holds no nulls. */
class NamesTest {

    @Test
    void no_class_is_a_drawer_for_odds_and_ends() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .check(Product.CLASSES);
    }

    @Test
    void every_package_is_null_marked() {
        var unmarked = new TreeSet<String>();
        int packages = 0;
        for (JavaClass type : Product.CLASSES) {
            packages++;
            if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                unmarked.add(type.getPackageName());
            }
        }
        assertThat(packages).as("classes looked at").isGreaterThan(50);
        assertThat(unmarked).as("packages without @NullMarked").isEmpty();
    }

    @Test
    void only_a_main_class_ends_the_process() {
        noClasses()
                .that()
                .doNotHaveSimpleName("Main")
                .should()
                .accessTargetWhere(DescribedPredicate.describe(
                        "System.exit or Runtime.halt is called",
                        (JavaAccess<?> access) -> (access.getName().equals("exit")
                                        || access.getName().equals("halt"))
                                && (access.getTargetOwner().isEquivalentTo(System.class)
                                        || access.getTargetOwner().isEquivalentTo(Runtime.class))))
                .check(Product.CLASSES);
    }
}
