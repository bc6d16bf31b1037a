package io.guardian.core.fingerprint;

import io.guardian.core.net.Direction;
import io.guardian.core.policy.Behaviour;
import io.guardian.core.policy.NetworkEntry;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The join of behaviours: the smallest behaviour in normal form that allows everything each of them shows. It is
 * idempotent, commutative and associative, so the order in which fingerprints arrive never matters.
 *
 * <p>Processes are joined by {@link ProcessJoin}; then every network entry is taken apart into {@link Atom}s of one
 * peer, one port range and one process, of which the maximal ones are kept and written as entries again. Nothing is
 * aggregated.
 */
public final class Join {
    private Join() {}

    /** With one behaviour, its normal form. */
    public static Behaviour join(List<Behaviour> behaviours) {
        var processes =
                ProcessJoin.join(behaviours.stream().map(Behaviour::processes).toList());
        return new Behaviour(
                processes.roots(),
                entries(behaviours, processes.ids(), Direction.EGRESS),
                entries(behaviours, processes.ids(), Direction.INGRESS));
    }

    private static List<NetworkEntry> entries(
            List<Behaviour> behaviours, List<Map<String, String>> ids, Direction direction) {
        Set<Atom> atoms = new HashSet<>();
        for (int i = 0; i < behaviours.size(); i++) {
            var renamed = ids.get(i);
            for (var entry : behaviours.get(i).entries(direction)) {
                Atom.of(entry).map(atom -> atom.renamed(renamed)).forEach(atoms::add);
            }
        }
        return inNormalForm(atoms);
    }

    /** Entries that mean exactly the maximal elements of the atoms. */
    static List<NetworkEntry> inNormalForm(Collection<Atom> atoms) {
        return Entries.of(MaximalAtoms.of(atoms));
    }
}
