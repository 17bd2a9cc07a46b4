package dev.runnel.replica.generations;

import dev.runnel.replica.Content;
import dev.runnel.replica.SelectedImage;
import java.io.IOException;
import java.io.OutputStream;

/** Some pages of an image as a WAL. It can be written once, as an image can be read once. */
record PagesWal(SelectedImage image, WalSalts salts) implements Content {
    @Override
    public void writeTo(OutputStream out) throws IOException {
        WalOutput wal = new WalOutput(out, image.pageSize(), salts);
        image.readTo(wal);
        wal.finish(image.pageCount());
    }
}
