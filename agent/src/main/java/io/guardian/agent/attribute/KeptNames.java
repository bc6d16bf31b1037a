package io.guardian.agent.attribute;

import io.guardian.agent.attribute.dns.DnsNames;
import io.guardian.core.net.IpAddress;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * What is kept on disk of the names that a workload knows: those that hold, the questions that are open, and where its
 * connections to resolvers are. An answer that comes after a restart counts like any other, or whoever asked before it
 * would connect to an address without a name.
 */
final class KeptNames {
    private KeptNames() {}

    /** @param out takes keys and values that changed, or all; an empty value takes a key away */
    static void write(Instance instance, boolean onlyChanged, BiConsumer<String, String> out) {
        var names = instance.names();
        var changed = names.takeChanged();
        for (var address : onlyChanged ? changed : names.addresses()) {
            out.accept(StateCodec.NAME + place(instance) + "|" + address, namesOf(names, address));
        }
        if (names.takeOpenChanged() || !onlyChanged) {
            out.accept(
                    StateCodec.QUESTION + place(instance),
                    Json.object().put("open", open(names)).build().toText());
        }
        names.takeStreams(onlyChanged)
                .forEach((ends, stream) -> out.accept(
                        StateCodec.STREAM + place(instance) + "|" + text(ends),
                        stream.map(Json::toText).orElse("")));
    }

    private static String text(DnsNames.Ends ends) {
        return ends.socket() + "," + ends.resolver() + "," + ends.overLoopback();
    }

    private static Optional<DnsNames.Ends> ends(String text) {
        var parts = text.split(",", -1);
        return parts.length == 3 && parts[0].matches("-?[0-9]{1,18}")
                ? IpAddress.parse(parts[1])
                        .map(resolver ->
                                new DnsNames.Ends(Long.parseLong(parts[0]), resolver, Boolean.parseBoolean(parts[2])))
                : Optional.empty();
    }

    private static String place(Instance instance) {
        var workload = instance.workload();
        return workload.cgroup() + "|" + workload.cgroupId();
    }

    /** One entry for each address: a workload may know thousands, of which an answer changes one. */
    private static String namesOf(DnsNames names, IpAddress address) {
        var known = names.namesOf(address);
        if (known.isEmpty()) {
            return "";
        }
        var all = Json.object();
        known.forEach((name, validity) -> all.put(
                name,
                Json.object()
                        .put("q", validity.queried())
                        .put("a", validity.answeredNanos())
                        .put("u", validity.untilNanos())
                        .build()));
        return all.build().toText();
    }

    private static Json.Arr open(DnsNames names) {
        var all = new ArrayList<Json>();
        names.newestOpen()
                .forEach((question, askedNanos) -> all.add(Json.object()
                        .put("i", question.id())
                        .put("n", question.name())
                        .put("t", question.type())
                        .put("c", question.ends().socket())
                        .put("r", question.ends().resolver().toString())
                        .put("l", question.ends().overLoopback())
                        .put("a", askedNanos)
                        .build()));
        return new Json.Arr(all);
    }

    /** Puts back what {@link #write} gave for workloads that are still there; damaged entries are left out. */
    static void restore(Collection<Instance> instances, Map<String, String> state) {
        var byPlace = new HashMap<String, DnsNames>();
        instances.forEach(instance -> byPlace.put(place(instance), instance.names()));
        state.forEach((key, value) -> {
            if (key.startsWith(StateCodec.NAME)) {
                address(key.substring(StateCodec.NAME.length()), StateCodec.object(value), byPlace);
            } else if (key.startsWith(StateCodec.STREAM)) {
                stream(key.substring(StateCodec.STREAM.length()), StateCodec.object(value), byPlace);
            }
        });
        byPlace.forEach((place, names) -> StateCodec.object(state.getOrDefault(StateCodec.QUESTION + place, "{}"))
                .array("open")
                .items()
                .forEach(value -> question(names, value)));
    }

    private static void address(String key, Json.Obj known, Map<String, DnsNames> byPlace) {
        int bar = key.lastIndexOf('|');
        var names = bar < 0 ? null : byPlace.get(key.substring(0, bar));
        if (names != null) {
            IpAddress.parse(key.substring(bar + 1))
                    .ifPresent(address -> known.fields().forEach((name, value) -> {
                        if (value instanceof Json.Obj validity) {
                            names.put(address, name, validity(validity));
                        }
                    }));
        }
    }

    private static void stream(String key, Json.Obj kept, Map<String, DnsNames> byPlace) {
        int bar = key.lastIndexOf('|');
        var names = bar < 0 ? null : byPlace.get(key.substring(0, bar));
        if (names != null) {
            ends(key.substring(bar + 1)).ifPresent(ends -> names.restoreStream(ends, kept));
        }
    }

    private static DnsNames.Validity validity(Json.Obj from) {
        return new DnsNames.Validity(from.bool("q").orElse(false), whole(from, "a"), whole(from, "u"));
    }

    private static void question(DnsNames names, Json value) {
        if (value instanceof Json.Obj from) {
            IpAddress.parse(from.text("r"))
                    .map(resolver -> new DnsNames.Ends(
                            whole(from, "c"), resolver, from.bool("l").orElse(false)))
                    .ifPresent(ends -> names.ask(
                            new DnsNames.Question((int) whole(from, "i"), ends, from.text("n"), (int) whole(from, "t")),
                            whole(from, "a")));
        }
    }

    private static long whole(Json.Obj from, String key) {
        return from.number(key).map(Json.Num::asLong).orElse(0L);
    }
}
