package io.guardian.checks.bench;

import io.guardian.core.event.EventReading;
import io.guardian.core.text.Json;
import io.guardian.core.text.JsonReader;
import io.guardian.core.text.JsonSyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reading one line of NDJSON that holds a process record of usual size, as a tree and as a typed event. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RecordDecoding {
    private static final String LINE = """
            {"id":"proc:WhfD6bTSCB8:arE7gA:4120.1","schema":"model_process::1.2.0","time":1790000000.25,"version":1,\
            "record_type":"model","status":"active","valid_from":1790000000.25,"muid":"mach:WhfD6bTSCB8",\
            "name":"curl","exe":"/usr/bin/curl","args":["curl","-fsS","https://ledger.shop-prod.svc.cluster.local/healthz"],\
            "pid":4120,"ppid":4100,"ppuid":"proc:WhfD6bTSCB8:arE7gA:4100.1","auser":"shop","euser":"shop","euid":1000,\
            "cgroup":"/kubepods/burstable/pod1/4be91c07a2d3","container_id":"4be91c07a2d3",\
            "container_uid":"cont:WhfD6bTSCB8:AAZb_topsJA:4be91c07a2d3","environ":{"PATH":"/usr/bin:/bin","HOME":""},\
            "ancestors":["sh","cartd"],"ancestor_uids":["proc:WhfD6bTSCB8:arE7gA:4100.1","proc:WhfD6bTSCB8:arE7gA:4000.1"],\
            "interactive":false,"thread":false,"create_time":1790000000.25,"cwd":"/srv","type":"normal"}""";
    private final byte[] line = LINE.getBytes(StandardCharsets.UTF_8);

    @Benchmark
    public Json tree() throws JsonSyntaxException {
        return JsonReader.read(line, 0, line.length);
    }

    @Benchmark
    public EventReading event() throws JsonSyntaxException {
        if (JsonReader.read(line, 0, line.length) instanceof Json.Obj object) {
            return EventReading.of(object);
        }
        throw new IllegalStateException("the record is an object");
    }
}
