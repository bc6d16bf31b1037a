package io.guardian.core.schema;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One kind of record that can be searched.
 *
 * @param id such as {@code model_container}
 * @param title unique among the schemas
 * @param fields in the order of the table, the base's first
 * @param ownAdditions names of the fields that older clients don't know
 */
public record SearchSchema(String id, String title, Map<String, FieldType> fields, Set<String> ownAdditions) {
    public SearchSchema {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        ownAdditions = Collections.unmodifiableSet(new LinkedHashSet<>(ownAdditions));
    }

    public Optional<FieldType> type(String field) {
        return Optional.ofNullable(fields.get(field));
    }

    public boolean isModel() {
        return id.startsWith("model_");
    }
}
