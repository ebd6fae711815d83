using System.Buffers.Binary;

namespace Latchkey.Modules.Modbus;

/// <summary>The RS-485 module's answer to a Modbus master: registers may be read, nothing may be written.</summary>
/// <remarks>
/// RTU: <c>unit | function | data | CRC-16</c>. Functions 3 and 4 read the same registers. A request with a wrong CRC, for another unit or for all is
/// answered by silence; everything else by registers or an exception. Source: MODBUS over serial line V1.02, MODBUS application protocol V1.1b3.
/// </remarks>
/// <param name="unit">Its address on the bus, 1 to 247.</param>
public sealed class ModbusSlave(byte unit)
{
    public const int MaxRegisters = 125;
    public const int MaxFrame = 256;
    private const int RequestLength = 8;
    private const byte ReadHolding = 3;
    private const byte ReadInput = 4;
    private const byte IllegalFunction = 1;
    private const byte IllegalAddress = 2;
    private const byte IllegalValue = 3;
    private const byte DeviceFailure = 4;
    private ushort[] _registers = [];
    private long _freshUntilMs = long.MinValue;

    /// <summary>Registers older than this are not given out: a master that reads for weeks what was true once is worse than one that hears of a fault.</summary>
    public const int StaleMs = 60_000;

    /// <summary>The meter's registers, as it hands them over about once a second.</summary>
    public void Update(ReadOnlySpan<ushort> registers, long nowMs) => (_registers, _freshUntilMs) = (registers.ToArray(), nowMs + StaleMs);

    /// <summary>The answer to one frame, whatever its bytes; empty for silence.</summary>
    public byte[] Answer(ReadOnlySpan<byte> request, long nowMs)
    {
        if (request.Length is < 4 or > MaxFrame || !HasGoodCrc(request) || request[0] != unit) return [];
        byte function = request[1];
        if (function is not (ReadHolding or ReadInput)) return Exception(function, IllegalFunction);
        if (request.Length != RequestLength) return Exception(function, IllegalValue);
        int address = BinaryPrimitives.ReadUInt16BigEndian(request[2..]), count = BinaryPrimitives.ReadUInt16BigEndian(request[4..]);
        if (count is 0 or > MaxRegisters) return Exception(function, IllegalValue);
        if (nowMs >= _freshUntilMs) return Exception(function, DeviceFailure);
        if (address + count > _registers.Length) return Exception(function, IllegalAddress);
        byte[] answer = new byte[3 + (count * 2) + 2];
        (answer[0], answer[1], answer[2]) = (unit, function, (byte)(count * 2));
        for (int i = 0; i < count; i++) BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(3 + (i * 2)), _registers[address + i]);
        return Sealed(answer);
    }

    /// <summary>CRC-16/MODBUS of all but the last two bytes against those.</summary>
    public static bool HasGoodCrc(ReadOnlySpan<byte> frame) =>
        frame.Length > 2 && BinaryPrimitives.ReadUInt16LittleEndian(frame[^2..]) == Crc(frame[..^2]);

    /// <summary>Polynomial A001 reflected, initial value FFFF; low byte first on the wire.</summary>
    public static ushort Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = 0xFFFF;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1;
        }

        return (ushort)crc;
    }

    private byte[] Exception(byte function, byte code) => Sealed([unit, (byte)(function | 0x80), code, 0, 0]);

    private static byte[] Sealed(byte[] frame)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(frame.Length - 2), Crc(frame.AsSpan(0, frame.Length - 2)));
        return frame;
    }
}
