package io.guardian.checks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.guardian.agent.log.Log;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.kube.KubeApi;
import io.guardian.cluster.lead.Leadership;
import io.guardian.cluster.setup.MonitorOptions;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Clock;
import org.junit.jupiter.api.Test;

/** Of two replicas one leads, and when it goes the other does. */
class LeadershipTest {
    private static final Log SILENT =
            new Log(new PrintStream(OutputStream.nullOutputStream()), Clock.systemUTC(), Log.Level.ERROR);

    private static KubernetesClient client(KubeApi api) {
        var config = new ConfigBuilder()
                .withMasterUrl(api.url())
                .withOauthToken("not-a-secret")
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private static Leadership stand(KubernetesClient client, String identity) {
        return Leadership.stand(client, new MonitorOptions.Election("guardian", "monitor", identity), () -> {}, SILENT);
    }

    @Test
    void second_replica_leads_once_the_first_gave_the_lease_back() {
        try (var api = KubeApi.start();
                var client = client(api)) {
            var first = stand(client, "a");
            Eventually.get("the first leads", first::isLeading, leading -> leading);
            var second = stand(client, "b");
            Eventually.get(
                    "both know the lease",
                    () -> api.find("leases", "guardian", "monitor")
                            .map(lease -> lease.object("spec").text("holderIdentity"))
                            .orElse(""),
                    "a"::equals);
            assertThat(second.isLeading()).isFalse();

            first.close();

            Eventually.get("the second leads", second::isLeading, leading -> leading);
            assertThat(first.isLeading()).isFalse();
            second.close();
        }
    }
}
