package io.guardian.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.core.net.Protocol;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class EventTest {
    private static final Life OPEN = Life.begun("proc:WhfD6bTSCB8:arE7gA:4120.1", 1_790_000_000_250_000L);
    private static final Owner CONTAINER = new Owner(
            "mach:WhfD6bTSCB8",
            "/kubepods/x",
            "cont:WhfD6bTSCB8:AAZb_topsJA:4be91c07a2d3",
            "4be91c07a2d3",
            "",
            "fprint:k8s-container:WhfD6bTSCB8:arE7gA:4be91c07a2d3");

    static List<Event> events() {
        var stamp = new Stamp("dev:o:t:n", 1, 1_790_000_000_250_001L);
        var service = new Owner("mach:a", "/system.slice/x.service/y", "", "", "/system.slice/x.service", "fprint:a");
        return List.of(
                process(),
                process().with(OPEN.ended(1_790_000_001_000_000L), 9),
                new ConnectionModel(
                        OPEN,
                        service,
                        ConnectionModel.Direction.OUTBOUND,
                        Protocol.UDP,
                        new NetworkEnd("10.0.0.1", 4),
                        new NetworkEnd("2001:db8::1", 53),
                        new NetworkEnd("2001:db8::2", 53),
                        List.of("a.example.net", "b.example.net"),
                        "proc:x",
                        "curl",
                        "aa",
                        new ConnectionModel.Traffic(1, 2, 3, 4)),
                new ListeningSocketModel(
                        OPEN, service, Protocol.TCP, new NetworkEnd("::", 443), "proc:x", "nginx", "aa"),
                new ContainerModel(
                        OPEN,
                        "mach:a",
                        "4be91c07a2d3",
                        "cart",
                        "docker.io/library/cart:1",
                        "sha256:00",
                        "proc:x",
                        "fprint:a",
                        new ContainerModel.Cluster("clus:a", "harbor"),
                        new ContainerModel.Pod(
                                "pod:a:u", "u", "cart-1", "shop", Map.of("app", "cart"), Map.of("k", "v")),
                        false,
                        new ContainerModel.Details(
                                "containerd",
                                "running",
                                "h",
                                "root",
                                List.of("/x"),
                                List.of("-y"),
                                Json.Arr.EMPTY,
                                "linux/amd64",
                                List.of("t"),
                                List.of("d"),
                                "/kubepods/x",
                                77,
                                1_790_000_000_000_000L,
                                "its processes run in a virtual machine (`io.containerd.kata.v2`)")),
                new MachineModel(
                        OPEN,
                        "node-a",
                        "",
                        new MachineModel.Os("Debian GNU/Linux 12", "debian", "12"),
                        "6.18",
                        "x86_64",
                        "cpu",
                        2,
                        1L << 34,
                        List.of("10.0.0.1")),
                new AgentModel(OPEN, "mach:a", "node-a", "0.1.0", "x86_64", "node", "Debian", "Normal", Json.Obj.EMPTY),
                new DeviationEvent(
                        stamp,
                        new DeviationEvent.PolicyRef("pol:a", "cart", "container", "enforce", 3, 17),
                        "5d1f",
                        "proc:x",
                        "long",
                        "short",
                        CONTAINER,
                        new DeviationEvent.WorkloadNames("node-a", "", "", "shop", "u", "cart:1"),
                        Json.object().put("kind", "GuardianDeviation").build(),
                        new DeviationEvent.Inputs("aa", Json.Arr.EMPTY, List.of("n"), Json.Obj.EMPTY),
                        2,
                        1,
                        true,
                        List.of(new DeviationEvent.ActionResult("agentKillProcess", "action:1", 0, "killed"))),
                new AgentHealthEvent(stamp, "agent:a", "mach:a", "Warning", "lost 3", Map.of("ring.cpu0", 3L)),
                new MetricEvent(stamp, "agent:a", "mach:a", "node-a", 2, 1000, 0.5, 10, 7));
    }

    private static ProcessModel process() {
        return new ProcessModel(
                OPEN,
                CONTAINER,
                new Place("0123", "4567", false, true),
                "sh",
                "/usr/bin/dash",
                ExeOrigin.IMAGE,
                List.of("sh", "-c", "x"),
                "/x.sh",
                4120,
                4100,
                "proc:p",
                new ProcessModel.Users("", "shop", -1, 100_999, 999, 0, "sess:a"),
                "/",
                List.of(new ProcessModel.Ancestor("proc:p", "cartd")),
                true,
                List.of("raw", "vsock"),
                -1);
    }

    @ParameterizedTest
    @MethodSource("events")
    void every_kind_reads_back_equal(Event event) throws JsonSyntaxException {
        var text = event.toJson().toText();
        assertThat(EventReading.of(JsonReader.readObject(text))).isEqualTo(new EventReading.Read(event));
    }

    @Test
    void every_kind_has_an_example_here() {
        assertThat(events().stream().map(Event::kind)).contains(EventKind.values());
    }

    @Test
    void schemas_are_found_by_type_in_any_version() {
        assertThat(EventKind.ofSchema("model_process::9.0.0")).contains(EventKind.PROCESS);
        assertThat(EventKind.ofSchema("event_deviation:cluster:1.0.0")).isEmpty();
        assertThat(EventKind.ofSchema("model_k8s_pod::1.0.0")).isEmpty();
    }

    @Test
    void wrong_and_missing_fields_are_named() throws JsonSyntaxException {
        var object = JsonReader.readObject(
                "{\"schema\":\"model_process::1.2.0\",\"id\":7,\"time\":\"x\",\"muid\":\"mach:a\",\"pid\":\"y\"}");
        assertThat(EventReading.of(object))
                .isEqualTo(new EventReading.Malformed(List.of(
                        "`time` must be a number of seconds",
                        "`id` must be text",
                        "`name` is missing",
                        "`pid` must be a number")));
    }

    @Test
    void seconds_are_exact_to_the_microsecond() {
        assertThat(Seconds.json(1_790_000_000_250_001L).digits()).isEqualTo("1790000000.250001");
        assertThat(Seconds.json(1_790_000_000_000_000L).digits()).isEqualTo("1790000000");
        assertThat(Seconds.micros(new Json.Num("1790000000.250001"))).isEqualTo(1_790_000_000_250_001L);
        assertThat(Seconds.micros(new Json.Num("1e999999999"))).isEqualTo(Long.MAX_VALUE);
        assertThat(Seconds.micros(new Json.Num("-1e-999999999"))).isZero();
    }
}
