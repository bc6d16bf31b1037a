package io.guardian.backend.server;

import io.guardian.backend.http.Access;
import io.guardian.backend.http.Answer;
import io.guardian.backend.http.Call;
import io.guardian.backend.http.Endpoint;
import io.guardian.backend.http.Refusal;
import io.guardian.core.text.Json;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What tells machines how the server is. */
public final class ServiceEndpoints {
    private final BooleanSupplier ready;
    private final Supplier<String> metrics;
    private final boolean remoteMetrics;

    /** @param remoteMetrics whether others than this machine may read the metrics */
    public ServiceEndpoints(BooleanSupplier ready, Supplier<String> metrics, boolean remoteMetrics) {
        this.ready = ready;
        this.metrics = metrics;
        this.remoteMetrics = remoteMetrics;
    }

    public List<Endpoint> all() {
        return List.of(
                Endpoint.get("/healthz", Access.OPEN, "Answers while the server runs.", _ -> ok()),
                Endpoint.get("/readyz", Access.OPEN, "Answers once the stores are loaded.", _ -> readyz()),
                Endpoint.get("/metrics", Access.OPEN, "Counters, as Prometheus text.", this::metrics));
    }

    private static Answer ok() {
        return Answer.json(Json.object().put("status", "ok").build());
    }

    private Answer readyz() {
        if (!ready.getAsBoolean()) {
            throw Refusal.notReady("the stores are being loaded", 1);
        }
        return ok();
    }

    private Answer metrics(Call call) {
        if (!remoteMetrics && !isLoopback(call.sourceIp())) {
            throw Refusal.forbidden("metrics are for this machine only: start with `--remote-metrics` to change that");
        }
        return Answer.text("text/plain; version=0.0.4", metrics.get());
    }

    private static boolean isLoopback(String address) {
        return address.equals("localhost")
                || address.startsWith("127.")
                || address.equals("::1")
                || address.equals("0:0:0:0:0:0:0:1");
    }
}
