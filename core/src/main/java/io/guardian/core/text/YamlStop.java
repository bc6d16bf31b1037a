package io.guardian.core.text;

/** Reading a text can't go on. */
final class YamlStop extends RuntimeException {
    private final transient Place place;

    YamlStop(Place place, String message) {
        super(message, null, false, false);
        this.place = place;
    }

    Place place() {
        return place;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
