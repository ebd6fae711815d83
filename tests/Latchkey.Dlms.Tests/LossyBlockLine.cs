using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Tests;

/// <summary>A request and its response in general blocks over a line that loses blocks by a seed; the client repeats after a silence.</summary>
internal static class LossyBlockLine
{
    public static bool Exchange(byte[] request, byte[] response, int window, int lossPercent, uint seed)
    {
        var client = new GeneralBlockTransfer(2048, window);
        var server = new GeneralBlockTransfer(2048, window);
        client.Start(request, 64, window);
        uint state = seed;
        bool answered = false;
        byte[] block = new byte[128];
        for (int round = 0; round < 2000; round++)
        {
            if (Stream(client, server, block) is BlockTransferEvent.Aborted) return false;
            if (!server.Received.IsEmpty && !answered)
            {
                answered = true;
                if (!server.Received.SequenceEqual(request)) return false;
                server.Start(response, 64, window);
            }

            if (Stream(server, client, block) is BlockTransferEvent.Aborted) return false;
            if (!client.Received.IsEmpty) return client.Received.SequenceEqual(response);
            client.Repeat();
        }

        return false;

        BlockTransferEvent Stream(GeneralBlockTransfer from, GeneralBlockTransfer to, byte[] buffer)
        {
            BlockTransferEvent last = BlockTransferEvent.None;
            int size;
            while ((size = from.WriteNext(buffer)) > 0)
            {
                state = unchecked((state * 1_664_525) + 1_013_904_223);
                if ((state >> 8) % 100 < (uint)lossPercent) continue;
                if (!GeneralBlock.TryRead(buffer.AsSpan(0, size), out GeneralBlock read)) return BlockTransferEvent.Aborted;
                last = to.Receive(read);
                if (last == BlockTransferEvent.Aborted) return last;
            }

            return last;
        }
    }
}
