package io.guardian.core.document;

/** The rules for {@code metadata.name}. */
final class Names {
    private static final int MAX_LENGTH = 256;
    private static final int MAX_RULESET_LENGTH = 64;

    private Names() {}

    static String read(Fields metadata) {
        return metadata.require("name").map(slot -> checked(slot, MAX_LENGTH)).orElse("");
    }

    /** Policies refer to rulesets by name, so these are shorter and hold no white space. */
    static String readOfRuleset(Fields metadata) {
        return metadata.require("name")
                .map(slot -> {
                    String name = checked(slot, MAX_RULESET_LENGTH);
                    if (name.codePoints().anyMatch(Character::isWhitespace)) {
                        slot.error("`" + slot.shown() + "` holds white space", "use `-` or `_` instead");
                    }
                    return name;
                })
                .orElse("");
    }

    private static String checked(Slot slot, int maxLength) {
        String name = slot.text();
        int length = name.codePointCount(0, name.length());
        if (length > maxLength) {
            slot.error("the name has " + length + " characters, over the limit of " + maxLength, "shorten it");
        }
        if (name.codePoints().anyMatch(Character::isISOControl)) {
            slot.error("the name holds a control character", "remove it");
        }
        return name;
    }
}
