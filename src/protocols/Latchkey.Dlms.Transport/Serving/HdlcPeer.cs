using System.Buffers;
using Latchkey.Dlms.Link.Hdlc;
using Latchkey.Dlms.Link.Wrapper;

namespace Latchkey.Dlms.Transport.Serving;

/// <summary>One HDLC line: a TCP connection or a serial port. Frames are put together in a buffer of one frame.</summary>
internal sealed class HdlcPeer : HostPeer
{
    private const int FrameOverhead = 16;
    private readonly Stream _line;
    private readonly HdlcServerStation _station;
    private readonly HdlcParameters _parameters;
    private readonly byte[] _input;
    private readonly byte[] _output;
    private int _filled;

    public HdlcPeer(DlmsHost host, Stream line, HdlcAddress address, HdlcParameters parameters)
        : base(host)
    {
        (_line, _parameters) = (line, parameters);
        _station = new HdlcServerStation(address, parameters, MaxApdu);
        _input = new byte[parameters.MaxInformationReceive + FrameOverhead];
        _output = new byte[(parameters.MaxInformationTransmit + FrameOverhead) * parameters.WindowTransmit];
    }

    /// <summary>Frame and reassembly together stay within the 2 KiB that a peer without an association may occupy.</summary>
    public static HdlcParameters Usual { get; } = new(512, 512, 1, 1);

    // The reassembled APDU and one frame together must not pass what may be held before an association.
    private int MaxApdu => WrapperFrame.MaxApduBeforeAssociation - _parameters.MaxInformationReceive - FrameOverhead - Llc.Size;

    public override int Buffered => _filled + _station.Buffered;

    public override async Task RunAsync()
    {
        try
        {
            int size;
            while ((size = await _line.ReadAsync(_input.AsMemory(_filled)).ConfigureAwait(false)) > 0)
            {
                Heard();
                _filled += size;
                await TakeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The line ended, or the sweep closed it.
        }
        finally
        {
            Abort();
            Host.Remove(this);
            lock (Host.Gate) Connection.Close();
        }
    }

    public override void Abort() => _line.Dispose();

    private async ValueTask TakeAsync()
    {
        while (true)
        {
            int written = ServeNext(out bool more);
            if (written > 0)
            {
                Owes();
                await _line.WriteAsync(_output.AsMemory(0, written)).ConfigureAwait(false);
                OwesNothing();
            }

            if (!more) return;
        }
    }

    // Takes the next frame out of the input and writes the answer to it.
    private int ServeNext(out bool more)
    {
        OperationStatus status = HdlcFrame.Read(_input.AsSpan(0, _filled), out HdlcFrame frame, out int consumed);
        int written = 0;
        if (status == OperationStatus.Done) written = Serve(frame);

        // A frame that claims more than this buffer is none of ours: step over its flag and look on.
        else if (consumed == 0 && _filled == _input.Length) consumed = 1;
        more = status == OperationStatus.Done || consumed > 0;
        _input.AsSpan(consumed, _filled - consumed).CopyTo(_input);
        _filled -= consumed;
        return written;
    }

    private int Serve(HdlcFrame frame)
    {
        lock (Host.Gate)
        {
            bool wasConnected = _station.IsConnected;
            int written = _station.Receive(frame, _output, out ReadOnlySpan<byte> apdu);
            bool starts = frame.HasKnownControl && frame.Control.Command == HdlcCommand.SetNormalResponseMode;

            // The end of a data link ends what was agreed over it.
            if ((wasConnected && !_station.IsConnected) || starts) Connection.Close();
            if (!apdu.IsEmpty)
            {
                ushort client = _station.Client.Upper;
                int size = Connection.Process(client, apdu, Host.Output.AsSpan(0, ushort.MaxValue));
                written = size == 0 ? _station.Idle(_output) : _station.Respond(Host.Output.AsSpan(0, size), _output);
            }

            // A poll with nothing under way: the next block of a stream goes out, if there is one.
            else if (written > 0 && frame.HasKnownControl && frame.Control.Command == HdlcCommand.ReceiveReady && !_station.HasOutgoing)
            {
                int size = Connection.Continue(_station.Client.Upper, Host.Output.AsSpan(0, ushort.MaxValue));
                if (size > 0) written = _station.Respond(Host.Output.AsSpan(0, size), _output);
            }

            NoteAssociation();
            return written;
        }
    }
}
