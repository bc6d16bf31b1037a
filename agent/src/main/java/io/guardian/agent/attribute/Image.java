package io.guardian.agent.attribute;

import io.guardian.core.event.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A place in the tree of one workload: a program below another. Processes that do the same in the same place share one,
 * so a verdict on it is made once, however many processes come and go. Identity counts.
 *
 * <p>Each workload has one top, which stands for everything outside; its children are the roots.
 */
public final class Image {
    /** Deeper images hang beside each other at this depth. */
    public static final int DEPTH_MAX = 64;

    /** Of processes that are in no workload. */
    public static final Image NOWHERE = top();

    private final Optional<Image> above;
    private final Program program;
    private final Lineage lineage;
    private final boolean uncertain;
    private final int depth;
    private final Place place;
    // Most have none.
    private Map<Program, Image> children = Map.of();
    private Map<Program, Image> uncertainRoots = Map.of();
    private Object verdicts = List.of();
    private int verdictRevision;
    private int keptIn;

    private Image(Optional<Image> above, Program program, Lineage lineage, boolean uncertain, int depth) {
        this.above = above;
        this.program = program;
        this.lineage = lineage;
        this.uncertain = uncertain;
        this.depth = depth;
        this.place = above.map(
                        parent -> new Place(lineage.text(), parent.lineage.text(), parent.above.isEmpty(), uncertain))
                .orElse(Place.NONE);
    }

    /** How records name it. */
    Place place() {
        return place;
    }

    /** The top of a new workload. */
    public static Image top() {
        return new Image(Optional.empty(), Program.NONE, Lineage.TOP, false, 0);
    }

    /**
     * The image of this program below this one.
     *
     * @param mayKeep asked for each image that is new; if false it is made but not kept for others
     */
    public Image child(Program childProgram, LineageHash hash, BooleanSupplier mayKeep) {
        if (depth >= DEPTH_MAX && above.isPresent()) {
            return above.get().child(childProgram, hash, mayKeep);
        }
        var known = children.get(childProgram);
        if (known != null) {
            return known;
        }
        var child = new Image(Optional.of(this), childProgram, below(childProgram, hash), false, depth + 1);
        if (mayKeep.getAsBoolean()) {
            children = with(children, childProgram, child);
        }
        return child;
    }

    private static Map<Program, Image> with(Map<Program, Image> map, Program program, Image image) {
        Map<Program, Image> grown = map.isEmpty() ? new HashMap<>(2) : map;
        grown.put(program, image);
        return grown;
    }

    /** A root whose place is not known. */
    public Image uncertainRoot(Program childProgram, LineageHash hash, BooleanSupplier mayKeep) {
        var known = uncertainRoots.get(childProgram);
        if (known != null) {
            return known;
        }
        var child = new Image(Optional.of(this), childProgram, below(childProgram, hash), true, 1);
        if (mayKeep.getAsBoolean()) {
            uncertainRoots = with(uncertainRoots, childProgram, child);
        }
        return child;
    }

    private Lineage below(Program childProgram, LineageHash hash) {
        return hash.of(lineage, childProgram.name(), childProgram.exe(), childProgram.user(), childProgram.origin());
    }

    public boolean isTop() {
        return above.isEmpty();
    }

    /** The image above; the top is its own. */
    public Image parent() {
        return above.orElse(this);
    }

    /** Whether the image above is outside the workload. */
    public boolean isRoot() {
        return above.isPresent() && above.get().isTop();
    }

    public Program program() {
        return program;
    }

    public Lineage lineage() {
        return lineage;
    }

    /** Whether its own place was read from the process table and not seen. */
    public boolean isUncertain() {
        return uncertain;
    }

    /** Whether its place or that of any image above it was not seen. */
    public boolean hasUncertainChain() {
        return uncertain || above.isPresent() && above.get().hasUncertainChain();
    }

    public int depth() {
        return depth;
    }

    /** The images from the root down to this one. */
    public List<Image> chain() {
        var chain = new ArrayList<Image>(depth);
        for (var image = this; !image.isTop(); image = image.parent()) {
            chain.addFirst(image);
        }
        return chain;
    }

    /** All images below this one, parents before children. */
    public void forEachBelow(java.util.function.Consumer<Image> visitor) {
        for (var map : List.of(children, uncertainRoots)) {
            for (var child : map.values()) {
                visitor.accept(child);
                child.forEachBelow(visitor);
            }
        }
    }

    /** What the judge keeps here for the policies of this revision; empty if it was for another. */
    public <T> Optional<T> verdicts(int revision, Class<T> type) {
        return verdictRevision == revision && type.isInstance(verdicts)
                ? Optional.of(type.cast(verdicts))
                : Optional.empty();
    }

    public void keepVerdicts(int revision, Object newVerdicts) {
        verdictRevision = revision;
        verdicts = newVerdicts;
    }

    /** Whether it is not yet in the n-th file of what is known; from now on it is. */
    boolean keepIn(int file) {
        boolean fresh = keptIn != file;
        keptIn = file;
        return fresh;
    }

    @Override
    public String toString() {
        return isTop() ? "" : parent() + "/" + program.name();
    }
}
