namespace Latchkey.Dlms.Transport.Links;

/// <summary>A way for APDUs between one client and one server. Losing the line throws <see cref="IOException"/> or
/// <see cref="System.Net.Sockets.SocketException"/>; what the peer sends never does.</summary>
public interface IDlmsLink : IAsyncDisposable
{
    /// <summary>The longest APDU that a packet of this link carries.</summary>
    int MaxApdu { get; }

    /// <summary>Opens what the link needs below the association: the data link of HDLC, nothing elsewhere.</summary>
    ValueTask OpenAsync(CancellationToken cancellationToken);

    /// <summary>Sends one APDU.</summary>
    ValueTask SendAsync(ReadOnlyMemory<byte> apdu, CancellationToken cancellationToken);

    /// <summary>Waits for the next APDU.</summary>
    /// <param name="apdu">Room for it.</param>
    /// <param name="silence">How long to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its octets; 0 when nothing came in time.</returns>
    ValueTask<int> ReceiveAsync(Memory<byte> apdu, TimeSpan silence, CancellationToken cancellationToken);
}
