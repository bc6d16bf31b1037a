package io.guardian.cli.get;

import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Groups fingerprint records by image or service into FingerprintGroup documents, which policies are made from. */
final class FingerprintGroups {
    private static final List<String> DOCUMENT_KEYS = List.of("apiVersion", "kind", "metadata", "spec");

    private FingerprintGroups() {}

    /** @param records the newest of each fingerprint */
    static List<Json.Obj> of(List<Json.Obj> records) {
        Map<String, List<Json.Obj>> groups = new TreeMap<>();
        for (var record : records) {
            String key = isContainer(record)
                    ? "image " + FingerprintTable.image(record) + " " + FingerprintTable.imageId(record)
                    : "service " + FingerprintTable.cgroup(record);
            groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(record);
        }
        return groups.values().stream().map(FingerprintGroups::group).toList();
    }

    private static boolean isContainer(Json.Obj record) {
        return !record.object("metadata").text("type").equals("linux-service");
    }

    private static Json.Obj group(List<Json.Obj> members) {
        var sorted =
                members.stream().sorted(Comparator.comparing(Fingerprints::id)).toList();
        var first = sorted.getFirst();
        var metadata = Json.object();
        if (isContainer(first)) {
            metadata.put("image", FingerprintTable.image(first)).put("imageID", FingerprintTable.imageId(first));
        } else {
            metadata.put("cgroup", FingerprintTable.cgroup(first));
        }
        metadata.put("firstTimestamp", times(sorted, "firstTimestamp").min().orElse(0));
        metadata.put("latestTimestamp", times(sorted, "latestTimestamp").max().orElse(0));
        var data = Json.object()
                .put(
                        "fingerprints",
                        new Json.Arr(List.copyOf(
                                sorted.stream().map(FingerprintGroups::document).toList())))
                .put("machines", Json.strings(machines(sorted)))
                .put("containerNames", Json.strings(texts(sorted, "container_name")))
                .put("containerIDs", Json.strings(texts(sorted, "container_id")));
        return Json.object()
                .put("apiVersion", "spyderbat/v1")
                .put("kind", "FingerprintGroup")
                .put("metadata", metadata.build())
                .put("data", data.build())
                .build();
    }

    /** The record without what only the store needs. */
    private static Json.Obj document(Json.Obj record) {
        var document = Json.object();
        for (String key : DOCUMENT_KEYS) {
            record.get(key).ifPresent(value -> document.put(key, value));
        }
        return document.build();
    }

    private static java.util.stream.DoubleStream times(List<Json.Obj> records, String key) {
        return records.stream()
                .flatMap(record -> record.object("metadata").number(key).or(() -> record.number("time")).stream())
                .mapToDouble(Json.Num::asDouble);
    }

    private static Collection<String> machines(List<Json.Obj> records) {
        var all = new TreeSet<String>();
        for (var record : records) {
            all.addAll(record.array("machines").strings());
            Stream.of(record.text("muid"), record.object("metadata").text("muid"))
                    .filter(uid -> !uid.isEmpty())
                    .forEach(all::add);
        }
        return all;
    }

    private static Collection<String> texts(List<Json.Obj> records, String key) {
        var all = new TreeSet<String>();
        records.forEach(
                record -> record.string(key).filter(text -> !text.isEmpty()).ifPresent(all::add));
        return all;
    }
}
