package io.guardian.core.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UidsTest {
    private static final String MACHINE = "mach:WhfD6bTSCB8";
    private static final String CLUSTER = "clus:njtxwtRabwE";
    private static final long SECONDS = 1_790_000_000L;
    private static final String CONTAINER = "4be91c07a2d3c0ffee00000000000000000000000000000000000000000000aa";

    @Test
    void machine_and_cluster_are_eight_bytes() {
        assertThat(Uids.machine(Base64.getUrlDecoder().decode("WhfD6bTSCB8"))).isEqualTo(MACHINE);
        assertThat(Uids.cluster(Base64.getUrlDecoder().decode("njtxwtRabwE"))).isEqualTo(CLUSTER);
        assertThatThrownBy(() -> Uids.machine(new byte[7])).hasMessage("a uid is made of 8 bytes, not 7");
    }

    @Test
    void process_counts_the_execs_of_its_pid() {
        assertThat(Uids.process(MACHINE, SECONDS, 4120, 1)).isEqualTo("proc:WhfD6bTSCB8:arE7gA:4120.1");
        assertThat(Uids.process(MACHINE, SECONDS, 4120, 0)).isEqualTo("proc:WhfD6bTSCB8:arE7gA:4120");
    }

    @Test
    void connection_socket_and_session_name_their_process() {
        assertThat(Uids.connection(MACHINE, SECONDS + 123, 4120, 77)).isEqualTo("conn:WhfD6bTSCB8:arE7-w:4120:77");
        assertThat(Uids.socket(MACHINE, SECONDS + 123, 4120, 78)).isEqualTo("sock:WhfD6bTSCB8:arE7-w:4120:78");
        assertThat(Uids.session(MACHINE, SECONDS, 4000)).isEqualTo("sess:WhfD6bTSCB8:arE7gA:4000");
    }

    @Test
    void container_outside_kubernetes_has_its_creation_time() {
        assertThat(Uids.container(MACHINE, 1_790_000_000_250_000L, CONTAINER))
                .isEqualTo("cont:WhfD6bTSCB8:AAZb_topsJA:4be91c07a2d3");
        assertThat(Uids.container(MACHINE, 1_790_000_000_250_000L, "4be91c07a2d3"))
                .isEqualTo("cont:WhfD6bTSCB8:AAZb_topsJA:4be91c07a2d3");
    }

    @Test
    void container_of_a_pod_has_the_same_uid_whoever_mints_it() {
        String uid = Uids.podContainer(CLUSTER, "1f1e3c9a-0000-4000-8000-000000000001", "cart", 2);

        assertThat(uid).matches("cont:njtxwtRabwE:[A-Za-z0-9_-]{11}:[0-9a-f]{12}");
        assertThat(Uids.podContainer(CLUSTER, "1f1e3c9a-0000-4000-8000-000000000001", "cart", 2))
                .isEqualTo(uid);
        assertThat(Uids.podContainer(CLUSTER, "1f1e3c9a-0000-4000-8000-000000000001", "cart", 3))
                .isNotEqualTo(uid);
    }

    @Test
    void fingerprints_name_their_instance() {
        assertThat(Uids.containerFingerprint(MACHINE, SECONDS, CONTAINER))
                .isEqualTo("fprint:k8s-container:WhfD6bTSCB8:arE7gA:4be91c07a2d3");
        assertThat(Uids.serviceFingerprint(MACHINE, SECONDS, "ledgerd.service", 812))
                .isEqualTo("fprint:WhfD6bTSCB8:arE7gA:linux-service:ledgerd.service:812");
    }

    @Test
    void repeat_of_a_deviation_has_the_same_uid() {
        String org = "Tg5nYw8Qf2Lh6Jx3Kc1B";
        String uid = Uids.deviation(org, 1_790_000_000_250_000L, "pol:x", "5d1f", "proc:a", "audit");

        assertThat(uid).matches("dev:Tg5nYw8Qf2Lh6Jx3Kc1B:AAZb_topsJA:[0-9a-f]{12}");
        assertThat(Uids.deviation(org, 1_790_000_000_250_000L, "pol:x", "5d1f", "proc:a", "audit"))
                .isEqualTo(uid);
        assertThat(Uids.deviation(org, 1_790_000_000_250_000L, "pol:x", "5d1f", "proc:a", "enforce"))
                .isNotEqualTo(uid);
    }

    @Test
    void flag_has_eight_byte_seconds_and_ends_in_twelve_digits() {
        assertThat(Uids.flag(MACHINE, SECONDS, "4120.1", "curl", "pol:x", "5d1f", "proc:a", "audit"))
                .matches("event_alert:WhfD6bTSCB8:AAAAAGqxO4A:4120\\.1:curl-[0-9a-f]{12}");
    }

    @ParameterizedTest
    @CsvSource({
        "pol:CB1fSLq4wpkFG5kWsQ2r, pol:CB1fSLq4wpkFG5kWsQ2r, true",
        "CB1fSLq4wpkFG5kWsQ2r, pol:CB1fSLq4wpkFG5kWsQ2r, true",
        "k8s-container:A:B:C, fprint:k8s-container:A:B:C, true",
        "B1fSLq4wpkFG5kWsQ2r, pol:CB1fSLq4wpkFG5kWsQ2r, false",
        "pol:, pol:x, false",
        "rs:x, pol:x, false",
        "'', pol:x, false",
        "'', 'pol:', false",
        "x, x, true"
    })
    void uid_may_be_typed_without_its_prefix(String typed, String uid, boolean names) {
        assertThat(Uids.names(typed, uid)).isEqualTo(names);
    }
}
