package io.guardian.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.ebpf.KernelProbe.Attempt;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is asked of a kernel, and what becomes of a sensor that lacks a part. */
@Tag("kernel")
class KernelProbeTest {

    @Test
    @Tag("smoke")
    void program_at_a_security_hook_runs_where_it_attaches() {
        KernelProbe probe = new KernelProbe(LibBpf.load().orElseThrow());
        Attempt attempt = probe.attempt("try_lsm", KernelProbeTest::runSomething);
        switch (attempt) {
            case Attempt.Attaches(long runs) -> {
                Assumptions.assumeTrue(
                        KernelProbe.isSecurityModule(), "`bpf` is not among this kernel's security modules");
                assertThat(runs).isPositive();
            }
            case Attempt.LoadsOnly only -> Assumptions.abort("a program at a security hook " + only.text());
            case Attempt.Refused refused -> Assumptions.abort("a program at a security hook is " + refused.text());
        }
    }

    @Test
    void program_at_the_entry_of_a_function_runs_where_it_attaches() {
        KernelProbe probe = new KernelProbe(LibBpf.load().orElseThrow());
        switch (probe.attempt("try_fentry", KernelProbeTest::runSomething)) {
            case Attempt.Attaches(long runs) -> assertThat(runs).isPositive();
            case Attempt.LoadsOnly only -> Assumptions.abort("a program at the entry of a function " + only.text());
            case Attempt.Refused refused ->
                Assumptions.abort("a program at the entry of a function is " + refused.text());
        }
    }

    private static void runSomething() {
        try {
            assertThat(new ProcessBuilder("/bin/true").start().waitFor()).isZero();
        } catch (java.io.IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void object_for_old_kernels_attaches_as_far_as_this_kernel_goes() {
        try (KernelFixture kernel = KernelFixture.closed(1 << 16)) {
            Map<KernelProgram, String> refused = load(kernel, KernelObject.before512(), Set.of());
            assertThat(refused.keySet()).allMatch(KernelProgram::isOptional);
        }
    }

    @Test
    void programs_that_need_a_map_the_kernel_lacks_are_left_out_and_the_others_attach() {
        try (KernelFixture kernel = KernelFixture.closed(1 << 16)) {
            Map<KernelProgram, String> refused = load(kernel, KernelObject.read(), Set.of(KernelMap.PEERS));
            assertThat(refused)
                    .containsKeys(KernelProgram.ON_INGRESS, KernelProgram.ON_EGRESS, KernelProgram.ON_SENDMSG4)
                    .doesNotContainKeys(KernelProgram.ON_EXEC, KernelProgram.ON_TCP_STATE, KernelProgram.EACH_TASK);
            assertThat(refused.get(KernelProgram.ON_EGRESS)).startsWith("the kernel refuses it: ");
            try (KernelState state = KernelState.open(LibBpf.load().orElseThrow(), Pins.of(kernel.options()))
                    .orElseThrow()) {
                assertThat(state.maps()).doesNotContain(KernelMap.PEERS).contains(KernelMap.OWNERS);
            }
        }
    }

    private static Map<KernelProgram, String> load(KernelFixture kernel, KernelObject object, Set<KernelMap> without) {
        Optional<LibBpf> bpf = LibBpf.load();
        Assumptions.assumeTrue(bpf.isPresent(), "libbpf is not installed");
        Assumptions.assumeTrue(Machine.missing(kernel.options().bpfFolder()).isEmpty(), "no rights to load programs");
        Pins pins = Pins.of(kernel.options());
        pins.create();
        Scope scope = Scope.of(kernel.options(), new java.util.ArrayList<>()).orElseThrow();
        Loader loader = new Loader(bpf.orElseThrow(), pins, scope, object, 1 << 16);
        loader.leaveOut(without);
        assertThat(loader.load(() -> {})).isZero();
        loader.activate();
        Set<KernelProgram> attached = EnumSet.allOf(KernelProgram.class).stream()
                .filter(program ->
                        pins.links().stream().anyMatch(link -> link.toString().contains(program.function())))
                .collect(Collectors.toSet());
        assertThat(attached).noneMatch(loader.refused()::containsKey);
        assertThat(attached.size() + loader.refused().size()).isEqualTo(KernelProgram.values().length);
        return loader.refused();
    }
}
