package io.guardian.agent.workload;

import java.util.Optional;
import java.util.function.Function;

/**
 * What the agent knows of one fact. The difference between "there is none" and "nobody has said yet" decides whether a
 * verdict may be given: a verdict that depends on an unknown fact is held.
 *
 * @param <T> type of the fact
 */
public sealed interface Known<T> {

    /** The fact is known. */
    record Present<T>(T value) implements Known<T> {}

    /** It's certain that there is no such thing (a container outside Kubernetes has no pod). */
    record Absent<T>() implements Known<T> {}

    /** The source that could tell has not answered yet. */
    record Unknown<T>() implements Known<T> {}

    /** Nobody has said within the time that is waited; a verdict that depends on it is still not given. */
    record Unsaid<T>() implements Known<T> {}

    static <T> Known<T> of(T value) {
        return new Present<>(value);
    }

    static <T> Known<T> absent() {
        return new Absent<>();
    }

    static <T> Known<T> unknown() {
        return new Unknown<>();
    }

    /** The value, or unknown when there is none yet. */
    static <T> Known<T> ifPresent(Optional<T> value) {
        return value.<Known<T>>map(Present::new).orElseGet(Unknown::new);
    }

    /** Whether it is still waited for. */
    default boolean isUnknown() {
        return this instanceof Unknown<T>;
    }

    /** Whether it's certain, also that there is no such thing. */
    default boolean isSettled() {
        return this instanceof Present<T> || this instanceof Absent<T>;
    }

    /** The value when it is present; empty both when it's absent and when it's unknown. */
    default Optional<T> asOptional() {
        return switch (this) {
            case Present<T>(T value) -> Optional.of(value);
            case Absent<T>() -> Optional.empty();
            case Unknown<T>() -> Optional.empty();
            case Unsaid<T>() -> Optional.empty();
        };
    }

    default <R> Known<R> map(Function<T, R> change) {
        return switch (this) {
            case Present<T>(T value) -> new Present<>(change.apply(value));
            case Absent<T>() -> new Absent<>();
            case Unknown<T>() -> new Unknown<>();
            case Unsaid<T>() -> new Unsaid<>();
        };
    }

    /** This, or the other source's word when this one knows no value. A present value outranks an absent one. */
    default Known<T> or(Known<T> other) {
        return switch (this) {
            case Present<T>(T value) -> this;
            case Absent<T>() -> other instanceof Present<T> ? other : this;
            case Unknown<T>() -> other;
            case Unsaid<T>() -> other.isSettled() ? other : this;
        };
    }

    /** Gives up waiting. */
    default Known<T> settled() {
        return isUnknown() ? new Unsaid<>() : this;
    }
}
