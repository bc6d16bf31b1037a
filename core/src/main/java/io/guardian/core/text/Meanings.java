package io.guardian.core.text;

import java.util.IdentityHashMap;
import java.util.Optional;

/** What a reader found single values of a tree to mean; two equal values may mean different things. */
public final class Meanings {
    private final IdentityHashMap<Tree, Json> byTree = new IdentityHashMap<>();

    public void put(Tree tree, Json meaning) {
        byTree.put(tree, meaning);
    }

    Optional<Json> of(Tree tree) {
        return Optional.ofNullable(byTree.get(tree));
    }
}
