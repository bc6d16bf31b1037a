package io.guardian.agent.workload.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IsolationTest {
    @ParameterizedTest
    @CsvSource({
        "io.containerd.kata.v2, kata, virtual machine",
        "io.containerd.kata-qemu.v2, '', virtual machine",
        "aws.firecracker, '', virtual machine",
        "io.containerd.runsc.v1, gvisor, kernel of their own",
        "'', kata-clh, virtual machine",
        "'', gVisor, kernel of their own"
    })
    void processes_behind_another_kernel_can_not_be_seen(String type, String handler, String why) {
        assertThat(Isolation.reason(type, handler)).contains(why).contains("`");
    }

    @ParameterizedTest
    @CsvSource({
        "io.containerd.runc.v2, ''",
        "io.containerd.runc.v2, kata",
        "'', ''",
        "'', runc",
        "'', crun",
        "'', nvidia",
        "'', skatal"
    })
    void processes_on_the_machines_own_kernel_can(String type, String handler) {
        assertThat(Isolation.reason(type, handler)).isEmpty();
    }

    @Test
    void a_name_of_any_length_is_cut() {
        assertThat(Isolation.reason("kata." + "x".repeat(10_000), "")).hasSizeLessThan(400);
    }
}
