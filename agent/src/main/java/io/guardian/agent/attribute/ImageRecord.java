package io.guardian.agent.attribute;

import io.guardian.core.event.Life;
import io.guardian.core.event.Place;
import io.guardian.core.event.ProcessModel;
import io.guardian.ebpf.ProcessKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The record of one process image and how many processes are it: the one that called exec, and its forks that changed
 * nothing. It ends with the last of them. Touched by the pipeline's thread.
 */
public final class ImageRecord {
    private static final int ANCESTORS_MAX = 64;
    private static final int SOCKET_KINDS_MAX = 16;

    private final ProcessKey owner;
    private ProcessModel model;
    private int members;
    private boolean kept;
    private int keptIn;

    /** @param owner the process that made the image */
    public ImageRecord(ProcessKey owner, ProcessModel model) {
        this.owner = owner;
        this.model = model;
    }

    public ProcessKey owner() {
        return owner;
    }

    public ProcessModel model() {
        return model;
    }

    public String uid() {
        return model.id();
    }

    public int members() {
        return members;
    }

    void join() {
        members++;
    }

    /** @return true if that was the last member */
    boolean leave() {
        members--;
        return members <= 0;
    }

    /** The next version, with another user and place. */
    ProcessModel moved(Place place, ProcessModel.Users users, long nowMicros) {
        model = new ProcessModel(
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
                model.exit());
        return model;
    }

    /** The next version, with a further kind of sockets; nothing if it is known to have such. */
    Optional<ProcessModel> hasSocket(String kind, long nowMicros) {
        if (model.otherSockets().contains(kind) || model.otherSockets().size() >= SOCKET_KINDS_MAX) {
            return Optional.empty();
        }
        var kinds = new ArrayList<>(model.otherSockets());
        kinds.add(kind);
        model = new ProcessModel(
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
                model.exit());
        return Optional.of(model);
    }

    void exited(int status) {
        model = model.with(model.life(), status);
    }

    /** The last version. */
    ProcessModel closed(long atMicros) {
        Life ended = model.life().ended(atMicros);
        model = model.with(ended, model.exit());
        return model;
    }

    /** What the images below this one name as their ancestors. */
    List<ProcessModel.Ancestor> ancestorsBelow() {
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
