package io.guardian.core.schema;

/** The type of a searchable field. */
public enum FieldType {
    STRING("string", ""),
    BOOL("bool", "b"),
    INTEGER("integer", "i"),
    LONG("long", "l"),
    DOUBLE("double", "d"),
    IP("ip", "ip"),
    STRING_ARRAY("string_array", "s[]"),
    MAP("map_str_str", "map");

    private final String wireName;
    private final String letter;

    FieldType(String wireName, String letter) {
        this.wireName = wireName;
        this.letter = letter;
    }

    /** The name in answers of the schema endpoint. */
    public String wireName() {
        return wireName;
    }

    public boolean isNumber() {
        return this == INTEGER || this == LONG || this == DOUBLE;
    }

    static FieldType ofLetter(String letter) {
        for (FieldType type : values()) {
            if (type.letter.equals(letter)) {
                return type;
            }
        }
        throw new IllegalArgumentException("no field type `" + letter + "`");
    }
}
