package dev.runnel.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Activity;
import dev.runnel.engine.Engine.DatabaseStatus;
import dev.runnel.engine.Engine.ReplicaStatus;
import dev.runnel.engine.Health;
import dev.runnel.ltx.Txid;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
    private static final Path DATABASE = Path.of("/data/app.db");

    @Test
    void saysWhatEachReplicaHas() {
        ReplicaStatus complete = new ReplicaStatus("/backup", new Health.Healthy(), new Txid(15));
        ReplicaStatus behind = new ReplicaStatus("s3://b", new Health.Degraded("503", "Wait."), new Txid(12));
        assertThat(Summary.of(new DatabaseStatus(
                        DATABASE, new Health.Healthy(), new Txid(15), List.of(complete, behind), Activity.NONE)))
                .isEqualTo("TXID 000000000000000f, healthy; /backup: complete; s3://b: complete up to TXID"
                        + " 000000000000000c, degraded: 503");
    }

    @Test
    void whatWasNeverCapturedIsNotComplete() {
        ReplicaStatus replica = new ReplicaStatus("/backup", new Health.Healthy(), Txid.NONE);
        assertThat(Summary.of(new DatabaseStatus(
                        DATABASE,
                        new Health.Waiting("no such file", "Look."),
                        Txid.NONE,
                        List.of(replica),
                        Activity.NONE)))
                .isEqualTo("nothing captured yet, waiting: no such file; /backup: has nothing yet");
    }
}
