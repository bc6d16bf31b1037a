package io.guardian.core.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All searchable schemas. One schema is read from the table only when it is asked for, so that start-up stays quick.
 */
public final class SearchSchemas {
    private static final String EVERY = "id schema original_schema time:d full_json";
    private static final String MODEL = EVERY + " valid_from:d valid_to:d";
    private static final String KUBERNETES = MODEL + " cluster_uid cluster_name metadata.name metadata.uid"
            + " metadata.labels:map kind status red_flag_count:i ops_flag_count:i";
    private static final String NAMESPACED = KUBERNETES + " metadata.namespace";

    private SearchSchemas() {}

    /** In the order of the table. */
    public static List<SearchSchema> all() {
        return paragraphs().stream().map(SearchSchemas::read).toList();
    }

    /** @param id the short id; a full schema string such as {@code model_container::1.0.0} is cut at its first colon */
    public static Optional<SearchSchema> byId(String id) {
        int colon = id.indexOf(':');
        String head = (colon < 0 ? id : id.substring(0, colon)) + "|";
        return paragraphs().stream()
                .filter(paragraph -> paragraph.startsWith(head))
                .findFirst()
                .map(SearchSchemas::read);
    }

    /** By id, or by title in any letter case. */
    public static Optional<SearchSchema> byIdOrTitle(String text) {
        return byId(text)
                .or(() -> all().stream()
                        .filter(schema -> schema.title().equalsIgnoreCase(text))
                        .findFirst());
    }

    private static List<String> paragraphs() {
        var paragraphs = new ArrayList<String>();
        SchemaTable.TEXT.lines().forEach(line -> {
            if (line.startsWith(" ")) {
                paragraphs.add(paragraphs.removeLast() + line);
            } else {
                paragraphs.add(line);
            }
        });
        return paragraphs;
    }

    private static SearchSchema read(String paragraph) {
        var parts = paragraph.split("\\|", 4);
        var fields = new LinkedHashMap<String, FieldType>();
        var own = new LinkedHashSet<String>();
        for (String field : (base(parts[2]) + " " + parts[3]).strip().split(" +", -1)) {
            String bare = field.startsWith("+") ? field.substring(1) : field;
            int colon = bare.indexOf(':');
            String name = colon < 0 ? bare : bare.substring(0, colon);
            fields.put(name, FieldType.ofLetter(colon < 0 ? "" : bare.substring(colon + 1)));
            if (field.startsWith("+")) {
                own.add(name);
            }
        }
        return new SearchSchema(parts[0], parts[1], fields, own);
    }

    private static String base(String letter) {
        return Map.of("E", EVERY, "M", MODEL, "K", KUBERNETES, "N", NAMESPACED).getOrDefault(letter, EVERY);
    }
}
