package io.guardian.agent.attribute;

import io.guardian.ebpf.KernelRecord;
import java.util.Optional;

/**
 * What a change of the effective user without exec makes of a process: an image below the one it was, or the one above
 * that had this user. A fork that shares its maker's record gets one of its own with it.
 */
final class UserChanges {
    private final ProcessTracker tracker;
    private final ProcessRecords records;
    private final ImagePlaces places;
    private final Observer observer;

    UserChanges(ProcessTracker tracker, ProcessRecords records, ImagePlaces places, Observer observer) {
        this.tracker = tracker;
        this.records = records;
        this.places = places;
        this.observer = observer;
    }

    void changed(LiveProcess process, KernelRecord.CredentialChange change) {
        if (process.record().isEmpty()) {
            return;
        }
        var seen = SeenUser.of(change);
        String user = records.userName(process.instance(), seen);
        var record = process.record().get();
        var image = process.isImage()
                ? places.withUser(process.image(), process.instance().orElseThrow(), user)
                : Image.NOWHERE;
        if (user.equals(record.model().users().euser()) && image == process.image()) {
            return;
        }
        boolean appeared = image != process.image();
        tracker.noteChanged(process.key());
        tracker.noteChanged(record);
        process.becomes(process.instance(), image);
        long bootNanos = change.header().bootNanos();
        if (record.owner().equals(process.key())) {
            long atMicros = records.clock().wallMicros(bootNanos);
            long inside = records.workloadUid(process.instance(), seen);
            var users = record.model().users().with(user, seen.onHost(), inside);
            observer.recorded(record.moved(ProcessRecords.place(image), users, atMicros));
        } else {
            var own = new ImageRecord(process.key(), records.forked(process, record, image, user, seen, bootNanos));
            tracker.leaveRecord(process, bootNanos);
            own.join();
            tracker.noteChanged(own);
            process.record(Optional.of(own));
            observer.recorded(own.model());
        }
        if (appeared && process.isImage()) {
            observer.imageAppeared(process, records.clock().wallMicros(bootNanos));
        }
    }
}
