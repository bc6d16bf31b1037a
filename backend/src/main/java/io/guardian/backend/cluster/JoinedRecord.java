package io.guardian.backend.cluster;

import io.guardian.backend.cluster.Half.Side;
import io.guardian.core.event.Seconds;
import io.guardian.core.text.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes one {@code model_container} of what the cluster declares and what a runtime runs. Neither side erases what only
 * the other knows; of what both say, the declaration is the cluster's and the rest the runtime's.
 *
 * <p>The container began when whoever came first said it did, and keeps that time: uids of deviations are made of it.
 */
final class JoinedRecord {
    private static final Set<String> ENVELOPE = Set.of(
            "id",
            "schema",
            "original_schema",
            "time",
            "version",
            "status",
            "valid_from",
            "valid_to",
            "duration",
            "halves");
    private static final Set<String> DECLARATION = Set.of(
            "image",
            "container_name",
            "pod_uid",
            "pod_kuid",
            "pod_name",
            "pod_namespace",
            "pod_labels",
            "pod_namespace_labels",
            "cluster_uid",
            "clustername",
            "node_uid",
            "container_kind",
            "observable",
            "not_observable_reason",
            "declared");

    private JoinedRecord() {}

    /** Both sides of a container, as far as they said something. */
    record Halves(Half declared, Half runtime) {
        static final Halves NONE = new Halves(Half.NONE, Half.NONE);

        Half of(Side side) {
            return side == Side.DECLARED ? declared : runtime;
        }

        Halves with(Side side, Half half) {
            return side == Side.DECLARED ? new Halves(half, runtime) : new Halves(declared, half);
        }

        /** The runtime knows best when a container is over; without it the cluster's word counts. */
        boolean closed() {
            return runtime.isPresent() ? runtime.closed() : declared.closed();
        }

        static Halves read(Json.Obj joined) {
            var stored = joined.object("halves");
            return new Halves(Half.read(stored.object("declared")), Half.read(stored.object("runtime")));
        }

        private Json.Obj toJson() {
            var out = Json.object();
            for (Side side : Side.values()) {
                if (of(side).isPresent()) {
                    out.put(side.toString(), of(side).toJson());
                }
            }
            return out.build();
        }
    }

    /**
     * @param before the joined record so far, empty for a new container
     * @param entry what the side says now
     * @param halves both sides, this one included
     */
    static Json.Obj of(Optional<Json.Obj> before, Json.Obj entry, Side side, Halves halves) {
        var fields = new LinkedHashMap<String, Json>();
        before.ifPresent(known -> known.fields().forEach((key, value) -> {
            if (!ENVELOPE.contains(key)) {
                fields.put(key, value);
            }
        }));
        boolean alone = !halves.of(side.other()).isPresent();
        entry.fields().forEach((key, value) -> {
            if (!ENVELOPE.contains(key) && (alone || isWanted(fields.get(key), key, value, side))) {
                fields.put(key, value);
            }
        });
        // What one side can't see into is not observable, whatever the other side thinks.
        if (!alone && entry.bool("observable").filter(seen -> !seen).isPresent()) {
            entry.get("observable").ifPresent(no -> fields.put("observable", no));
            entry.get("not_observable_reason").ifPresent(why -> fields.put("not_observable_reason", why));
        }
        return enveloped(before, entry, halves, fields);
    }

    private static boolean isWanted(@org.jspecify.annotations.Nullable Json known, String key, Json value, Side side) {
        if (known == null || isEmpty(known)) {
            return true;
        }
        boolean notObservable = key.equals("observable") && known.equals(Json.of(false));
        return (side == Side.DECLARED) == DECLARATION.contains(key) && !isEmpty(value) && !notObservable;
    }

    private static boolean isEmpty(Json value) {
        return switch (value) {
            case Json.Str(var text) -> text.isEmpty();
            case Json.Arr(var items) -> items.isEmpty();
            case Json.Obj(var inner) -> inner.isEmpty();
            case Json.Null _ -> true;
            case Json.Num _, Json.Bool _ -> false;
        };
    }

    private static Json.Obj enveloped(
            Optional<Json.Obj> before, Json.Obj entry, Halves halves, Map<String, Json> fields) {
        long version = Math.max(before.map(JoinedRecord::version).orElse(0L) + 1, version(entry));
        var from = before.flatMap(known -> known.number("valid_from"))
                .or(() -> entry.number("valid_from"))
                .or(() -> entry.number("time"))
                .orElse(Json.Num.of(0));
        var time = later(before.flatMap(known -> known.number("time")), entry.number("time"));
        var out = Json.object()
                .put("id", entry.text("id"))
                .put("schema", "model_container::1.0.0")
                .put("original_schema", entry.text("schema"))
                .put("time", time)
                .put("version", version)
                .put("status", halves.closed() ? "closed" : "active")
                .put("valid_from", from);
        if (halves.closed()) {
            out.put("valid_to", later(Optional.of(from), ended(before, entry, time)));
        }
        fields.forEach(out::put);
        return out.put("halves", halves.toJson()).build();
    }

    private static Optional<Json.Num> ended(Optional<Json.Obj> before, Json.Obj entry, Json.Num time) {
        return entry.number("valid_to")
                .or(() -> before.flatMap(known -> known.number("valid_to")))
                .or(() -> Optional.of(time));
    }

    /** The same container, over: the runtime says nothing more, and the cluster said long ago that it is gone. */
    static Json.Obj ended(Json.Obj joined, long atMicros) {
        return joined.with("time", Seconds.json(atMicros))
                .with("status", Json.of("closed"))
                .with("valid_to", Seconds.json(atMicros))
                .with("ended_by", Json.of("cluster"));
    }

    static long version(Json.Obj record) {
        return record.number("version").map(Json.Num::asLong).orElse(1L);
    }

    private static Json.Num later(Optional<Json.Num> one, Optional<Json.Num> other) {
        var first = one.orElse(Json.Num.of(0));
        var second = other.orElse(first);
        return first.asDouble() > second.asDouble() ? first : second;
    }
}
