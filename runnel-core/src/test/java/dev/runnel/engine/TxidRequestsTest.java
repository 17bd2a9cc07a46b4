package dev.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.Txid;
import dev.runnel.platform.Signal;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class TxidRequestsTest {
    private final TxidRequests requests = new TxidRequests(new Signal());

    /** Whoever asks after the look may ask for a commit that the look has not seen. */
    @Test
    void onlyWhatWasAskedBeforeALookIsAnsweredWithWhatItFound() {
        Future<Txid> question = requests.upcoming();
        Future<Txid> flush = requests.flush();
        Future<Txid> capture = requests.capture();
        TxidRequests.Asked asked = requests.asked();
        Future<Txid> later = requests.upcoming();
        Future<Txid> laterFlush = requests.flush();
        Future<Txid> laterCapture = requests.capture();
        requests.answer(asked, new Txid(7));
        assertThat(question.resultNow()).isEqualTo(new Txid(7));
        assertThat(flush.resultNow()).isEqualTo(new Txid(7));
        assertThat(capture.resultNow()).isEqualTo(new Txid(7));
        assertThat(later).isNotDone();
        assertThat(laterFlush).isNotDone();
        assertThat(laterCapture).isNotDone();
        requests.answer(requests.asked(), new Txid(8));
        assertThat(later.resultNow()).isEqualTo(new Txid(8));
    }
}
