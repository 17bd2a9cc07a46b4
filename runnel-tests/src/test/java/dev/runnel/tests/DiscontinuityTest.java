package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.sql.SqlFailure;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Frames that cannot be read are not read again and again: what they changed is found by comparing pages. */
@Tag("slow")
class DiscontinuityTest {
    private static final int WAL_HEADER = 32;
    private static final int FRAME_HEADER = 24;
    private static final int CHECKSUM_IN_FRAME = 16;
    private static final Pattern UNREADABLE = Pattern.compile("does not continue the one before it");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void i13AFrameThatDoesNotContinueTheOneBeforeItIsReadOnce() throws SqlFailure, IOException {
        Scene scene = new Scene(folder);
        try (Application application = Application.start(scene.database());
                ProgramEngine engine = scene.startRunnel().awaitHistory()) {
            scene.nextCommitIsRestorable(application, engine);
            engine.signal("STOP");
            application.orders(5, "while nobody reads");
            damage(scene.file("app.db-wal"), framesIn(application) - 2, pageSize(application));
            engine.signal("CONT");
            engine.awaitLog(UNREADABLE);
            scene.nextCommitIsRestorable(application, engine);
            scene.nextCommitIsRestorable(application, engine);
            Matcher found = UNREADABLE.matcher(engine.log());
            assertThat(found.results().count()).as(engine.log()).isEqualTo(1);
            assertThat(engine.stop()).as(engine.log()).isZero();
        }
        scene.replica().checkAll();
    }

    /** SQLite's own readers go by the wal-index, and never look at the checksum of a frame again. */
    private static void damage(Path wal, long frame, long pageSize) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(wal.toFile(), "rw")) {
            long at = WAL_HEADER + (frame - 1) * (FRAME_HEADER + pageSize) + CHECKSUM_IN_FRAME;
            file.seek(at);
            int was = file.read();
            file.seek(at);
            file.write(was ^ 1);
        }
    }

    private static long pageSize(Application application) throws SqlFailure {
        return application.session().number("pragma page_size");
    }

    private static long framesIn(Application application) throws SqlFailure {
        String[] answer = application
                .session()
                .rows("pragma wal_checkpoint(noop)")
                .getFirst()
                .split("\\|");
        assertThat(answer).as("busy, frames, backfilled").hasSize(3);
        return Long.parseLong(answer[1]);
    }
}
