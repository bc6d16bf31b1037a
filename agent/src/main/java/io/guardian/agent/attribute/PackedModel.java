package io.guardian.agent.attribute;

import io.guardian.core.event.ExeOrigin;
import io.guardian.core.event.Life;
import io.guardian.core.event.Owner;
import io.guardian.core.event.Place;
import io.guardian.core.event.ProcessModel;
import io.guardian.core.id.Uids;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The record of a process that goes on for long, in a fifth of the memory. What it has in common with others (workload,
 * place, program, users, ancestors) is held by reference, in the hope that the others hold the same; the rest is bytes.
 */
final class PackedModel implements ImageRecord.Form {
    private static final int NO_PARENT = 0;
    private static final int NEAREST_ANCESTOR = 1;
    private static final int OTHER_PARENT = 2;

    private final Owner owner;
    private final Place place;
    private final String name;
    private final String exe;
    private final ExeOrigin origin;
    private final ProcessModel.Users users;
    private final List<ProcessModel.Ancestor> ancestors;
    private final byte[] rest;

    private PackedModel(ProcessModel model, byte[] rest) {
        this.owner = model.owner();
        this.place = model.place();
        this.name = model.name();
        this.exe = model.exe();
        this.origin = model.origin();
        this.users = model.users();
        this.ancestors = model.ancestors();
        this.rest = rest;
    }

    static PackedModel of(ProcessModel model) {
        var bytes = new ByteArrayOutputStream(160);
        try (var out = new DataOutputStream(bytes)) {
            write(model, out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new PackedModel(model, bytes.toByteArray());
    }

    private static void write(ProcessModel model, DataOutput out) throws IOException {
        var life = model.life();
        String prefix = prefix(model.owner());
        boolean ours = life.id().startsWith(prefix);
        out.writeBoolean(ours);
        out.writeUTF(ours ? life.id().substring(prefix.length()) : life.id());
        out.writeLong(life.fromMicros());
        out.writeLong(life.toMicros());
        out.writeInt(fits(life.timeMicros() - life.fromMicros()));
        out.writeInt(fits(life.version() - life.fromMicros() / 1000));
        if (isLate(life)) {
            out.writeLong(life.timeMicros());
            out.writeLong(life.version());
        }
        out.writeInt(model.pid());
        out.writeInt(model.ppid());
        int parent = parent(model);
        out.writeByte(parent);
        if (parent == OTHER_PARENT) {
            out.writeUTF(model.ppuid());
        }
        texts(model.args(), out);
        out.writeUTF(model.script());
        out.writeUTF(model.cwd());
        out.writeBoolean(model.interactive());
        texts(model.otherSockets(), out);
        out.writeInt(model.exit());
    }

    private static String prefix(Owner owner) {
        return "proc:" + Uids.bare(owner.muid()) + ":";
    }

    /** What most differ by fits an int; the largest int stands for what doesn't. */
    private static int fits(long difference) {
        return difference >= 0 && difference < Integer.MAX_VALUE ? (int) difference : Integer.MAX_VALUE;
    }

    private static boolean isLate(Life life) {
        return fits(life.timeMicros() - life.fromMicros()) == Integer.MAX_VALUE
                || fits(life.version() - life.fromMicros() / 1000) == Integer.MAX_VALUE;
    }

    private static int parent(ProcessModel model) {
        if (model.ppuid().isEmpty()) {
            return NO_PARENT;
        }
        boolean nearest = !model.ancestors().isEmpty()
                && model.ancestors().getFirst().uid().equals(model.ppuid());
        return nearest ? NEAREST_ANCESTOR : OTHER_PARENT;
    }

    private static void texts(List<String> texts, DataOutput out) throws IOException {
        out.writeShort(texts.size());
        for (String text : texts) {
            out.writeUTF(text);
        }
    }

    /** The record as it was packed. */
    ProcessModel model() {
        try (var in = new DataInputStream(new ByteArrayInputStream(rest))) {
            return read(in);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private ProcessModel read(DataInputStream in) throws IOException {
        var life = life(in);
        int pid = in.readInt();
        int ppid = in.readInt();
        String ppuid = switch (in.readByte()) {
            case NO_PARENT -> "";
            case NEAREST_ANCESTOR -> ancestors.getFirst().uid();
            default -> in.readUTF();
        };
        var args = texts(in);
        String script = in.readUTF();
        String cwd = in.readUTF();
        boolean interactive = in.readBoolean();
        var otherSockets = texts(in);
        return new ProcessModel(
                life,
                owner,
                place,
                name,
                exe,
                origin,
                args,
                script,
                pid,
                ppid,
                ppuid,
                users,
                cwd,
                ancestors,
                interactive,
                otherSockets,
                in.readInt());
    }

    private Life life(DataInputStream in) throws IOException {
        boolean ours = in.readBoolean();
        String id = (ours ? prefix(owner) : "") + in.readUTF();
        long from = in.readLong();
        long to = in.readLong();
        long after = in.readInt();
        long version = in.readInt();
        boolean late = after == Integer.MAX_VALUE || version == Integer.MAX_VALUE;
        return late
                ? lateLife(id, from, to, in.readLong(), in.readLong())
                : new Life(id, from / 1000 + version, from + after, from, to);
    }

    private static Life lateLife(String id, long from, long to, long time, long version) {
        return new Life(id, version, time, from, to);
    }

    private static List<String> texts(DataInputStream in) throws IOException {
        int count = in.readShort();
        var texts = new ArrayList<String>(count);
        for (int i = 0; i < count; i++) {
            texts.add(in.readUTF());
        }
        return texts;
    }

    String name() {
        return name;
    }

    /** When it began. */
    long fromMicros() {
        try (var in = new DataInputStream(new ByteArrayInputStream(rest))) {
            return life(in).fromMicros();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    String uid() {
        try (var in = new DataInputStream(new ByteArrayInputStream(rest))) {
            return (in.readBoolean() ? prefix(owner) : "") + in.readUTF();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
