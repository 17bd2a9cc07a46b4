package dev.runnel.replica.generations;

import dev.runnel.ltx.PageSize;
import dev.runnel.replica.Content;
import dev.runnel.replica.DatabaseImage;
import java.io.IOException;
import java.io.OutputStream;

/** An image as the file that SQLite would have, with zeros at the page that is never stored. It can be written once. */
final class ImageFile implements Content {
    private final DatabaseImage image;
    private boolean begun;

    ImageFile(DatabaseImage image) {
        this.image = image;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        if (begun) {
            throw new IOException("the pages of TXID " + image.txid()
                    + " were read already; a new snapshot has to read the pages again");
        }
        begun = true;
        int pageSize = image.pageSize();
        int lockPage = new PageSize(pageSize).lockPage();
        image.readTo((number, data, offset) -> {
            if (number == lockPage + 1) {
                out.write(new byte[pageSize]);
            }
            out.write(data, offset, pageSize);
        });
        if (image.pageCount() == lockPage) {
            out.write(new byte[pageSize]);
        }
    }
}
