package dev.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.platform.DiskFile;
import dev.runnel.testkit.CrashDisk;
import dev.runnel.testkit.Seeds;
import dev.runnel.testkit.SimulatedClock;
import dev.runnel.testkit.store.Bodies;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What this machine has stored is known after any crash, and what is not whole is not believed. */
final class UploadJournalTest {
    private static final Path FOLDER = Path.of("/meta");
    private static final Path FILE = UploadJournal.file(FOLDER, "replica");
    private static final int ROUNDS = 40;

    private final CrashDisk disk = new CrashDisk(new SimulatedClock(Instant.EPOCH));

    @BeforeEach
    void makeFolder() throws IOException {
        disk.createFolders(FOLDER);
    }

    @Test
    void whatWasAddedIsFoundByAnyProcessNewestFirst() throws IOException {
        UploadJournal journal = open();
        journal.add("a", upload(1));
        journal.add("b", upload(2));
        journal.add("a", upload(3));
        for (UploadJournal each : List.of(journal, open())) {
            assertThat(each.find("a")).containsExactly(upload(3), upload(1));
            assertThat(each.find("b")).containsExactly(upload(2));
            assertThat(each.find("c")).isEmpty();
        }
    }

    @Test
    void whatWasDeletedIsForgottenByEveryProcess() throws IOException {
        UploadJournal journal = open();
        journal.add("a", upload(1));
        journal.add("b", upload(2));
        journal.remove(List.of("a", "never there"));
        journal.add("c", upload(3));
        for (UploadJournal each : List.of(journal, open())) {
            assertThat(each.find("a")).isEmpty();
            assertThat(each.find("b")).containsExactly(upload(2));
            assertThat(each.find("c")).containsExactly(upload(3));
        }
    }

    @Test
    void i15WhatWasAddedOutlivesEveryCrash() throws IOException {
        long seed = Seeds.of("crashes of a journal of uploads");
        Random random = new Random(seed);
        List<Upload> durable = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            UploadJournal journal = open();
            long last = disk.operations() + random.nextInt(1, 25);
            List<CrashDisk.Fault> faults = List.of(CrashDisk.Fault.values());
            disk.failFrom(last, faults.get(random.nextInt(faults.size())));
            try {
                while (disk.operations() < last) {
                    Upload next = upload(random.nextLong(1, Long.MAX_VALUE));
                    journal.add("key", next);
                    durable.addFirst(next);
                }
            } catch (IOException _) {
                // It was not promised.
            }
            disk.heal();
            disk.crash(random.nextLong());
            assertThat(open().find("key")).as("seed %d, round %d", seed, round).containsSubsequence(durable);
        }
    }

    @Test
    void aRecordThatIsDamagedOrCutShortIsNone() throws IOException {
        open().add("a", upload(1));
        open().add("b", upload(2));
        open().add("c", upload(3));
        try (DiskFile file = disk.open(FILE)) {
            file.write(ByteBuffer.wrap(new byte[] {9}), UploadRecord.SIZE + 30);
            file.setSize(3L * UploadRecord.SIZE - 1);
        }
        UploadJournal journal = open();
        assertThat(journal.find("a")).containsExactly(upload(1));
        assertThat(journal.find("b")).isEmpty();
        assertThat(journal.find("c")).isEmpty();
        journal.add("c", upload(4));
        assertThat(open().find("c")).containsExactly(upload(4));
    }

    @Test
    void theFileFollowsWhatIsAtTheReplica() throws IOException {
        UploadJournal journal = open();
        for (int i = 0; i < 4000; i++) {
            journal.add("key " + i, upload(i));
            if (i >= 10) {
                journal.remove(List.of("key " + (i - 10)));
            }
        }
        assertThat(disk.stat(FILE).orElseThrow().size()).isLessThan(2000L * UploadRecord.SIZE);
        assertThat(open().find("key 3995")).containsExactly(upload(3995));
        assertThat(journal.find("key 3995")).containsExactly(upload(3995));
    }

    @Test
    void theFileOfProcessesThatEndSoonFollowsToo() throws IOException {
        for (int i = 0; i < 700; i++) {
            UploadJournal journal = open();
            journal.add("key " + i, upload(i));
            journal.remove(List.of("key " + (i - 10)));
        }
        assertThat(disk.stat(FILE).orElseThrow().size()).isLessThan(1100L * UploadRecord.SIZE);
        assertThat(open().find("key 699")).containsExactly(upload(699));
        assertThat(open().find("key 600")).isEmpty();
    }

    @Test
    void ofTooManyTheNewerHalfStays() throws IOException {
        UploadJournal journal = new UploadJournal(disk, FILE, 1500);
        for (int i = 1; i <= 4000; i++) {
            journal.add("key " + i, upload(i));
            assertThat(disk.stat(FILE).orElseThrow().size()).isLessThan(3000L * UploadRecord.SIZE);
        }
        assertThat(journal.find("key 1")).isEmpty();
        assertThat(journal.find("key 3251")).containsExactly(upload(3251));
        assertThat(journal.find("key 4000")).containsExactly(upload(4000));
    }

    @Test
    void whereTheFileCannotBeMadeShorterItIsRecordedAllTheSame() throws IOException {
        disk.createFolders(FILE.resolveSibling(FILE.getFileName() + ".tmp").resolve("in the way"));
        UploadJournal journal = new UploadJournal(disk, FILE, 10);
        for (int i = 0; i < 20; i++) {
            journal.add("key " + i, upload(i));
        }
        assertThat(open().find("key 0")).containsExactly(upload(0));
        assertThat(open().find("key 19")).containsExactly(upload(19));
    }

    @Test
    void whatAnotherProcessAddedMeanwhileIsNotWrittenOver() throws IOException {
        UploadJournal waiting = open();
        assertThat(waiting.find("a")).isEmpty();
        open().add("a", upload(1));
        waiting.add("b", upload(2));
        assertThat(open().find("a")).containsExactly(upload(1));
        assertThat(waiting.find("a")).containsExactly(upload(1));
        disk.delete(FILE);
        assertThat(waiting.find("a")).isEmpty();
    }

    @Test
    void whereItCannotBeRecordedNothingIsStored() throws IOException {
        MemoryStore memory = new MemoryStore(new SimulatedClock(Instant.EPOCH));
        RecordingStore store = new RecordingStore(memory, open());
        disk.failFrom(disk.operations() + 1, CrashDisk.Fault.INPUT_OUTPUT_ERROR);
        assertThatExceptionOfType(StoreException.BodyFailed.class)
                .isThrownBy(() -> store.put("key", Bodies.of("content"), PutOptions.replace(Instant.EPOCH)));
        assertThat(memory.stat("key")).isEmpty();
    }

    @Test
    void i15TheLastByteOfAnObjectLeavesOnlyOnceItIsRecorded() {
        ByteArrayOutputStream left = new ByteArrayOutputStream();
        RecordedBody body = new RecordedBody("key", Bodies.of("content"), Optional.empty(), open());
        disk.failFrom(disk.operations() + 1, CrashDisk.Fault.INPUT_OUTPUT_ERROR);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> body.writeTo(left));
        assertThat(left.toString(StandardCharsets.UTF_8)).isEqualTo("conten");
    }

    private UploadJournal open() {
        return new UploadJournal(disk, FILE);
    }

    private static Upload upload(long number) {
        String digest = String.format("%064x", number);
        return new Upload(number, digest, digest, digest, Optional.of(new PutOptions.Label(number, -number)));
    }
}
