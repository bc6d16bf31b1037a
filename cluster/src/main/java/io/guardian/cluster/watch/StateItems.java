package io.guardian.cluster.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.guardian.cluster.model.Kind;
import io.guardian.cluster.model.ObjectKey;
import io.guardian.cluster.state.ClusterState;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an informer takes for its memory of one kind. It keeps the places of objects and no more, and hands each object
 * on to the state, on the informer's own thread: so no queue of whole objects builds up behind a slow reader, and a
 * list is read no faster than it is digested.
 */
final class StateItems<T extends HasMetadata> implements ItemStore<T> {
    private final Kind kind;
    private final ClusterState state;
    private final BiFunction<String, String, T> named;
    private final ConcurrentHashMap<String, ObjectKey> keys = new ConcurrentHashMap<>();

    /** @param named makes an object with nothing but namespace and name */
    StateItems(Kind kind, ClusterState state, BiFunction<String, String, T> named) {
        this.kind = kind;
        this.state = state;
        this.named = named;
    }

    @Override
    public String getKey(T object) {
        return ObjectKey.of(kind, object).path();
    }

    @Override
    public @Nullable T put(String key, T object) {
        state.put(kind, object);
        var before = keys.put(key, ObjectKey.of(kind, object));
        return before == null ? null : object;
    }

    @Override
    public @Nullable T remove(String path) {
        var key = keys.remove(path);
        if (key == null) {
            return null;
        }
        state.remove(key);
        return named(key);
    }

    private T named(ObjectKey key) {
        return named.apply(key.namespace(), key.name());
    }

    @Override
    public Stream<String> keySet() {
        return keys.keySet().stream();
    }

    @Override
    public Stream<T> values() {
        return keys.values().stream().map(this::named);
    }

    @Override
    public int size() {
        return keys.size();
    }

    @Override
    public @Nullable T get(String path) {
        var key = keys.get(path);
        return key == null ? null : named(key);
    }

    /** Objects given out have a name and no more: nothing can be built on them. */
    @Override
    public boolean isFullState() {
        return false;
    }
}
