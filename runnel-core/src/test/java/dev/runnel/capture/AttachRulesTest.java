package dev.runnel.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps us from attaching is named, with a next step; what does not is no obstacle. */
final class AttachRulesTest {
    private static final int NOBODY_SPECIAL = 54321;

    @TempDir
    private Path folder;

    private Path database = Path.of("");
    private Path ownFile = Path.of("");

    @BeforeEach
    void makeFiles() throws IOException {
        database = Files.write(folder.resolve("app.db"), new byte[4096]);
        ownFile = Files.write(folder.resolve("own"), new byte[1]);
    }

    @Test
    void i34AFileOfOursThatHoldsSomethingIsNoObstacle() throws IOException {
        assertThat(check()).isEmpty();
    }

    @Test
    void i34AMissingFileIsWaitedFor() throws IOException {
        Files.delete(database);
        names("does not exist");
    }

    @Test
    void i34AnEmptyFileIsWaitedFor() throws IOException {
        Files.write(database, new byte[0]);
        names("is empty");
    }

    @Test
    void i34AFolderIsNoDatabase() throws IOException {
        Files.delete(database);
        Files.createDirectory(database);
        names("is not a file");
    }

    @Test
    void i34ADatabaseOfAnotherUserIsAttachedOnlyWhereItsFilesAreThere() throws IOException {
        Assumptions.assumeTrue(
                (int) Files.getAttribute(ownFile, "unix:uid") == 0, "skipped: only root can give a file away");
        Files.setAttribute(ownFile, "unix:uid", NOBODY_SPECIAL);
        names("belongs to another user");
        Files.write(folder.resolve("app.db-wal"), new byte[0]);
        names("belongs to another user");
        Files.write(folder.resolve("app.db-shm"), new byte[0]);
        assertThat(check()).isEmpty();
    }

    private Optional<AttachRules.Obstacle> check() throws IOException {
        return AttachRules.check(database, ownFile);
    }

    private void names(String reason) throws IOException {
        AttachRules.Obstacle obstacle = check().orElseThrow();
        assertThat(obstacle.reason()).contains(database.toString()).contains(reason);
        assertThat(obstacle.nextStep()).isNotBlank();
    }
}
