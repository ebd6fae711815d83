namespace Latchkey.Dlms.Link.Hdlc;

/// <summary>What an HDLC frame is for.</summary>
/// <remarks>Source: IEC 62056-46, control field format.</remarks>
public enum HdlcCommand : byte
{
    /// <summary>I: a piece of an APDU, numbered.</summary>
    Information = 0x00,
    /// <summary>RR: ready, and an acknowledgement.</summary>
    ReceiveReady = 0x01,
    /// <summary>RNR: an acknowledgement, but no more now.</summary>
    ReceiveNotReady = 0x05,
    /// <summary>UI: a piece of an APDU outside any connection.</summary>
    UnnumberedInformation = 0x03,
    /// <summary>DM: there is no connection.</summary>
    DisconnectMode = 0x0F,
    /// <summary>DISC: end the connection.</summary>
    Disconnect = 0x43,
    /// <summary>UA: yes.</summary>
    UnnumberedAcknowledge = 0x63,
    /// <summary>SNRM: start a connection.</summary>
    SetNormalResponseMode = 0x83,
    /// <summary>FRMR: a frame that makes no sense.</summary>
    FrameReject = 0x87,
}

/// <summary>The control octet of an HDLC frame.</summary>
/// <param name="Command">What the frame is for.</param>
/// <param name="PollFinal">P from a client, F from a server: the turn goes to the other side.</param>
/// <param name="SendNumber">N(S), 0 to 7; only in I frames.</param>
/// <param name="ReceiveNumber">N(R), 0 to 7; only in I, RR and RNR frames.</param>
public readonly record struct HdlcControl(HdlcCommand Command, bool PollFinal, byte SendNumber = 0, byte ReceiveNumber = 0)
{
    private const byte PollFinalBit = 0x10;

    /// <summary>Reads a control octet; one that this profile does not know is refused.</summary>
    public static bool TryRead(byte octet, out HdlcControl control)
    {
        bool poll = (octet & PollFinalBit) != 0;
        byte receive = (byte)(octet >> 5);
        control = default;
        if ((octet & 1) == 0)
        {
            control = new HdlcControl(HdlcCommand.Information, poll, (byte)((octet >> 1) & 7), receive);
            return true;
        }

        var supervisory = (HdlcCommand)(octet & 0x0F);
        if (supervisory is HdlcCommand.ReceiveReady or HdlcCommand.ReceiveNotReady)
        {
            control = new HdlcControl(supervisory, poll, 0, receive);
            return true;
        }

        var unnumbered = (HdlcCommand)(octet & ~PollFinalBit);
        bool known = unnumbered is HdlcCommand.UnnumberedInformation or HdlcCommand.DisconnectMode or HdlcCommand.Disconnect
            or HdlcCommand.UnnumberedAcknowledge or HdlcCommand.SetNormalResponseMode or HdlcCommand.FrameReject;
        if (known) control = new HdlcControl(unnumbered, poll);
        return known;
    }

    /// <summary>The octet on the wire.</summary>
    public byte Octet => (byte)((byte)Command | (PollFinal ? PollFinalBit : 0) | Command switch
    {
        HdlcCommand.Information => (SendNumber << 1) | (ReceiveNumber << 5),
        HdlcCommand.ReceiveReady or HdlcCommand.ReceiveNotReady => ReceiveNumber << 5,
        _ => 0,
    });
}
