package io.guardian.cli.get;

import io.guardian.cli.line.UsageException;
import io.guardian.cli.output.Moments;
import io.guardian.cli.session.Session;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Fingerprints as a table: one row an image or service, with how many of its instances a policy covers. */
final class FingerprintTable {
    private static final int LONGEST_REPO = 30;
    private static final int CUT_REPO = 27;

    private FingerprintTable() {}

    /** The fingerprints of one row. */
    private record Row(List<Json.Obj> fingerprints) {
        Json.Obj first() {
            return fingerprints.getFirst();
        }

        String covered() {
            long covered = fingerprints.stream()
                    .filter(record -> record.bool("covered_by_policy").orElse(false))
                    .count();
            return covered + "/" + fingerprints.size();
        }

        String latest() {
            double latest =
                    fingerprints.stream().mapToDouble(Fingerprints::time).max().orElse(0);
            return Moments.text(Optional.of(latest).filter(time -> time > 0).map(Moments::ofEpochSeconds));
        }

        String repository() {
            var all = fingerprints.stream()
                    .map(record -> repositoryOf(image(record)))
                    .collect(Collectors.toCollection(TreeSet::new));
            if (all.size() > 1) {
                return "MULTIPLE (" + all.size() + ")";
            }
            String only = all.getFirst();
            return only.length() > LONGEST_REPO ? only.substring(0, CUT_REPO) + "..." : only;
        }

        /** Repository and image name in full. */
        String images() {
            return fingerprints.stream()
                    .map(FingerprintTable::image)
                    .distinct()
                    .sorted()
                    .collect(Collectors.joining(","));
        }
    }

    static void print(Session session, String type, List<Json.Obj> found, boolean wide) throws UsageException {
        var groupBy = session.arguments().list("--group-by");
        boolean containers = type.equals("container");
        var groups = new LinkedHashMap<List<String>, List<Json.Obj>>();
        for (var record : found) {
            var key = new ArrayList<String>(
                    containers ? List.of(lastPart(image(record)), imageId(record)) : List.of(cgroup(record)));
            groupBy.forEach(field -> key.add(value(record, field)));
            groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(record);
        }
        var columns = containers ? containerColumns(wide) : serviceColumns();
        groupBy.forEach(field ->
                columns.add(Column.text(field.toUpperCase(Locale.ROOT), row -> value(row.first(), field))));
        var listing = new Listing<Row>(
                "fingerprints",
                columns,
                Comparator.comparing(columns.getFirst().cell()),
                row -> Fingerprints.id(row.first()),
                Row::first);
        listing.print(session, groups.values().stream().map(Row::new).toList());
    }

    private static List<Column<Row>> containerColumns(boolean wide) {
        var columns = new ArrayList<Column<Row>>();
        if (wide) {
            columns.add(Column.text("REPO/IMAGE_NAME:TAG", Row::images));
            columns.add(Column.text("IMAGEID", row -> imageId(row.first())));
        } else {
            columns.add(Column.text("IMAGE_NAME:TAG", row -> lastPart(image(row.first()))));
            columns.add(Column.text("IMAGEID", row -> shortId(imageId(row.first()))));
            columns.add(Column.text("REPO", Row::repository));
        }
        columns.add(Column.text("COVERED_BY_POLICY", Row::covered));
        columns.add(Column.text("LATEST_TIMESTAMP", Row::latest));
        return columns;
    }

    private static List<Column<Row>> serviceColumns() {
        var columns = new ArrayList<Column<Row>>();
        columns.add(Column.text("SERVICE_NAME", row -> serviceName(row.first())));
        columns.add(Column.text("CGROUP", row -> cgroup(row.first())));
        columns.add(Column.text("COVERED_BY_POLICY", Row::covered));
        columns.add(Column.text("LATEST_TIMESTAMP", Row::latest));
        return columns;
    }

    static String image(Json.Obj record) {
        return record.string("image")
                .or(() -> record.object("metadata").string("image"))
                .orElse(Moments.UNKNOWN);
    }

    static String imageId(Json.Obj record) {
        return record.string("image_id")
                .filter(text -> !text.isEmpty())
                .or(() -> record.object("spec").object("containerSelector").string("imageID"))
                .orElse(Moments.UNKNOWN);
    }

    static String cgroup(Json.Obj record) {
        return record.string("cgroup")
                .or(() -> record.object("metadata").string("cgroup"))
                .orElse(Moments.UNKNOWN);
    }

    private static String serviceName(Json.Obj record) {
        return record.string("service_name").filter(text -> !text.isEmpty()).orElseGet(() -> lastPart(cgroup(record)));
    }

    private static String value(Json.Obj record, String field) {
        return record.at(field)
                .or(() -> record.object("metadata").at(field))
                .map(value -> value instanceof Json.Str(String text) ? text : value.toText())
                .orElse(Moments.UNKNOWN);
    }

    private static String lastPart(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String repositoryOf(String image) {
        int slash = image.lastIndexOf('/');
        return slash < 0 ? "NO_REPO" : image.substring(0, slash);
    }

    /** The first twelve hex digits, by which other tools know the image too. */
    static String shortId(String imageId) {
        String digits = imageId.startsWith("sha256:") ? imageId.substring("sha256:".length()) : imageId;
        return digits.substring(0, Math.min(12, digits.length()));
    }
}
