package io.guardian.agent.attribute;

import io.guardian.core.event.Place;
import io.guardian.core.event.ProcessModel;
import io.guardian.ebpf.ProcessKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The record of one process image and how many processes are it: the one that called exec, and its forks that changed
 * nothing. It ends with the last of them. Touched by the pipeline's thread.
 */
public final class ImageRecord {
    private static final int ANCESTORS_MAX = 64;
    private static final int SOCKET_KINDS_MAX = 16;

    /** The exit status of a process that goes on, or of whose end nothing is known. */
    static final int NO_EXIT = -1;

    private final ProcessKey owner;
    private Form form;
    private Optional<TextRoom> room = Optional.empty();
    private int charsInRoom;
    private List<ProcessModel.Ancestor> below = List.of();
    private int members;
    private boolean kept;
    private int keptIn;

    /** Its newest version, as fast or as small as can be. */
    sealed interface Form permits Form.Whole, PackedModel {
        record Whole(ProcessModel model) implements Form {}
    }

    /** @param owner the process that made the image */
    public ImageRecord(ProcessKey owner, ProcessModel model) {
        this.owner = owner;
        this.form = new Form.Whole(model);
    }

    public ProcessKey owner() {
        return owner;
    }

    public ProcessModel model() {
        return switch (form) {
            case Form.Whole(var model) -> model;
            case PackedModel packed -> packed.model();
        };
    }

    public String uid() {
        return switch (form) {
            case Form.Whole(var model) -> model.id();
            case PackedModel packed -> packed.uid();
        };
    }

    /** The kernel's command name. */
    String name() {
        return switch (form) {
            case Form.Whole(var model) -> model.name();
            case PackedModel packed -> packed.name();
        };
    }

    /** When the image began. */
    public long fromMicros() {
        return switch (form) {
            case Form.Whole(var model) -> model.life().fromMicros();
            case PackedModel packed -> packed.fromMicros();
        };
    }

    /**
     * Takes less memory from now on; for one that has lived longer than most.
     *
     * @param texts where its texts find room; the record keeps only their begin if they don't
     */
    void pack(TextRoom texts) {
        if (form instanceof Form.Whole(var model)) {
            int chars = ShortTexts.chars(model);
            boolean fits = chars <= ShortTexts.CHARS_FREE || texts.take(chars);
            if (fits && chars > ShortTexts.CHARS_FREE) {
                room = Optional.of(texts);
                charsInRoom = chars;
            }
            form = PackedModel.of(fits ? model : ShortTexts.of(model));
        }
    }

    private void leaveRoom() {
        room.ifPresent(texts -> texts.leave(charsInRoom));
        room = Optional.empty();
    }

    /** @param same gives an equal record of other objects */
    void share(UnaryOperator<ProcessModel> same) {
        form = PackedModel.of(same.apply(model()));
    }

    private ProcessModel becomes(ProcessModel newer) {
        leaveRoom();
        form = new Form.Whole(newer);
        return newer;
    }

    public int members() {
        return members;
    }

    void join() {
        members++;
    }

    /**
     * A member is gone.
     *
     * @param exit the status that the process which made the image ended with; {@link #NO_EXIT} if it wasn't that one
     * @return the last version, if that was the last member. It is not kept: tens of thousands may end before the file
     *     of what is known is written
     */
    Optional<ProcessModel> left(long atMicros, int exit) {
        members--;
        if (members <= 0) {
            var model = model();
            leaveRoom();
            return Optional.of(model.with(model.life().ended(atMicros), exit == NO_EXIT ? model.exit() : exit));
        }
        if (exit != NO_EXIT) {
            var model = model();
            becomes(model.with(model.life(), exit));
        }
        return Optional.empty();
    }

    /** The next version, with another user and place. */
    ProcessModel moved(Place place, ProcessModel.Users users, long nowMicros) {
        var model = model();
        return becomes(new ProcessModel(
                model.life().updated(nowMicros),
                model.owner(),
                place,
                model.name(),
                model.exe(),
                model.origin(),
                model.args(),
                model.script(),
                model.pid(),
                model.ppid(),
                model.ppuid(),
                users,
                model.cwd(),
                model.ancestors(),
                model.interactive(),
                model.otherSockets(),
                model.exit()));
    }

    /** The next version, with a further kind of sockets; nothing if it is known to have such. */
    Optional<ProcessModel> hasSocket(String kind, long nowMicros) {
        var model = model();
        if (model.otherSockets().contains(kind) || model.otherSockets().size() >= SOCKET_KINDS_MAX) {
            return Optional.empty();
        }
        var kinds = new ArrayList<>(model.otherSockets());
        kinds.add(kind);
        return Optional.of(becomes(new ProcessModel(
                model.life().updated(nowMicros),
                model.owner(),
                model.place(),
                model.name(),
                model.exe(),
                model.origin(),
                model.args(),
                model.script(),
                model.pid(),
                model.ppid(),
                model.ppuid(),
                model.users(),
                model.cwd(),
                model.ancestors(),
                model.interactive(),
                kinds,
                model.exit())));
    }

    /** What the images below this one name as their ancestors; one list for all of them. */
    List<ProcessModel.Ancestor> ancestorsBelow() {
        if (below.isEmpty()) {
            below = List.copyOf(makeAncestorsBelow());
        }
        return below;
    }

    private List<ProcessModel.Ancestor> makeAncestorsBelow() {
        var model = model();
        var list = new ArrayList<ProcessModel.Ancestor>(model.ancestors().size() + 1);
        list.add(new ProcessModel.Ancestor(uid(), model.name()));
        list.addAll(model.ancestors().subList(0, Math.min(model.ancestors().size(), ANCESTORS_MAX - 1)));
        return list;
    }

    /** It is in the file of what is known. */
    void keep() {
        kept = true;
    }

    boolean isKept() {
        return kept;
    }

    /** Whether it is not yet in the n-th file of what is known; from now on it is. */
    boolean keepIn(int file) {
        boolean fresh = keptIn != file;
        keptIn = file;
        return fresh;
    }
}
