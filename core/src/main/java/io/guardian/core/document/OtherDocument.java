package io.guardian.core.document;

/**
 * A document of a kind whose content only the server looks into: checked here, used as it was written.
 *
 * @param type {@code metadata.type}, empty for kinds without one
 */
public record OtherDocument(Kind kind, String name, String uid, String type) implements Resource {}
