package io.guardian.backend.query.spyql;

import java.util.Arrays;
import java.util.List;

/** What compares a field with a value. */
public enum Operator {
    NOT_MATCHES("!~~="),
    NOT_LIKE("!~="),
    NOT_INSIDE("!<<"),
    NOT_EQUAL("!="),
    MATCHES("~~="),
    LIKE("~="),
    INSIDE("<<"),
    LESS_OR_EQUAL("<="),
    LESS("<"),
    GREATER_OR_EQUAL(">="),
    GREATER(">"),
    EQUAL("=");

    private final String text;

    Operator(String text) {
        this.text = text;
    }

    /** All, such that none is the beginning of an earlier one. */
    static List<Operator> longestFirst() {
        return Arrays.asList(values());
    }

    boolean isOrder() {
        return this == LESS || this == LESS_OR_EQUAL || this == GREATER || this == GREATER_OR_EQUAL;
    }

    @Override
    public String toString() {
        return text;
    }
}
