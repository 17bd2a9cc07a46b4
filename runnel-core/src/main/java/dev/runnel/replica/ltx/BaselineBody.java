package dev.runnel.replica.ltx;

import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.LtxWriter;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.ParallelLtxEncoder;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.DatabaseImage;
import dev.runnel.store.Body;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An image that is being uploaded, encoded as it is read. It can be written once only, as an image can be read once.
 */
final class BaselineBody implements Body {
    private final DatabaseImage image;
    private final BaselineEncoding encoding;
    private boolean begun;

    BaselineBody(DatabaseImage image, BaselineEncoding encoding) {
        this.image = image;
        this.encoding = encoding;
    }

    static TxidRange range(DatabaseImage image) {
        return new TxidRange(new Txid(1), image.txid());
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.empty();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        if (begun) {
            throw new IOException("the pages of TXID " + image.txid()
                    + " were read already; a new snapshot has to read the pages again");
        }
        begun = true;
        LtxHeader header = LtxHeader.of(
                new PageSize(image.pageSize()),
                image.pageCount(),
                range(image),
                image.time(),
                Optional.of(image.proof()));
        try (LtxWriter writer =
                new ParallelLtxEncoder(out, header, encoding.scratch(), encoding.compressors(), encoding.batches())) {
            image.readTo(writer);
            writer.finish();
        }
    }
}
