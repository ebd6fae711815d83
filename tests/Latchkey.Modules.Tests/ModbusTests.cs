using System.Text.Json;
using CsCheck;
using Latchkey.ModuleLink.Frames;
using Latchkey.ModuleLink.Messages;
using Latchkey.Modules.Modbus;
using Latchkey.Testing;

namespace Latchkey.Modules.Tests;

public sealed class ModbusTests
{
    private static readonly ushort[] Registers = [.. Enumerable.Range(0, RegisterImage.Count).Select(i => (ushort)(1_000 + i))];

    [Fact]
    public void PublishedFrames_HaveGoodCrcs()
    {
        byte[][] frames = [.. Published("req").Concat(Published("resp"))];
        Assert.Equal(6, frames.Length);
        Assert.All(frames, f => Assert.True(ModbusSlave.HasGoodCrc(f)));
    }

    [Fact]
    public void PublishedRequests_AreAnsweredOrRefusedByFunction()
    {
        ModbusSlave slave = Slave();
        Assert.All(Published("req"), request => Assert.Equal(request[1] == 4 ? 4 : request[1] | 0x80, slave.Answer(request, 0)[1] & (request[1] == 4 ? 0x7F : 0xFF)));
    }

    // The exception of the published frames, byte for byte.
    [Fact]
    public void AnIllegalAddress_IsThePublishedException() =>
        Assert.Equal(Convert.FromHexString("018402c2c1"), Slave().Answer(Request(1, 4, 4_000, 2), 0));

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void EveryRange_IsReadOrRefused(byte function)
    {
        ModbusSlave slave = Slave();
        for (int address = 0; address <= RegisterImage.Count; address++)
        {
            for (int count = 1; count <= RegisterImage.Count; count++)
            {
                byte[] answer = slave.Answer(Request(1, function, address, count), 0);
                Assert.True(ModbusSlave.HasGoodCrc(answer));
                bool fits = address + count <= RegisterImage.Count;
                Assert.Equal(fits ? function : function | 0x80, answer[1]);
                if (fits) Assert.Equal((1_000 + address) >> 8, answer[3]);
            }
        }
    }

    [Fact]
    public void EveryOtherFunction_IsRefusedAndNothingIsWritten()
    {
        ModbusSlave slave = Slave();
        for (int function = 0; function < 256; function++)
        {
            if (function is 3 or 4) continue;
            byte[] answer = slave.Answer(Request(1, (byte)function, 0, 1), 0);
            Assert.Equal((byte)1, answer[2]);
        }

        Assert.Equal(Registers[5], (slave.Answer(Request(1, 3, 5, 1), 0)[3] << 8) | slave.Answer(Request(1, 3, 5, 1), 0)[4]);
    }

    [Fact]
    public void AnotherUnitAllUnitsAndBadCrcs_AreSilence()
    {
        ModbusSlave slave = Slave();
        byte[] bad = Request(1, 4, 0, 2);
        bad[^1] ^= 1;
        Assert.Empty(slave.Answer(bad, 0));
        Assert.Empty(slave.Answer(Request(2, 4, 0, 2), 0));
        Assert.Empty(slave.Answer(Request(0, 4, 0, 2), 0));
    }

    [Fact]
    public void RegistersThatAreOld_AreNotGivenOut() =>
        Assert.Equal((byte)4, Slave().Answer(Request(1, 4, 0, 2), ModbusSlave.StaleMs)[2]);

    [Fact]
    public void AnyBytes_AreAnsweredInBounds() => Gen.Byte.Array[0, 300].Sample(
        bytes => Slave().Answer(bytes, 0).Length is 0 or (>= 5 and <= ModbusSlave.MaxFrame),
        time: Environment.GetEnvironmentVariable("LATCHKEY_LONG") == "1" ? 60 : 1);

    [Fact]
    public void TheMap_CoversEveryRegisterOnce() =>
        Assert.Equal(Enumerable.Range(0, RegisterImage.Count), RegisterImage.Map.SelectMany(e => Enumerable.Range(e.Address, e.Count)));

    private static ModbusSlave Slave()
    {
        var slave = new ModbusSlave(1);
        slave.Update(Registers, 0);
        return slave;
    }

    private static byte[] Request(byte unit, byte function, int address, int count)
    {
        byte[] frame = [unit, function, (byte)(address >> 8), (byte)(address & 0xFF), (byte)(count >> 8), (byte)(count & 0xFF), 0, 0];
        ushort crc = ModbusSlave.Crc(frame.AsSpan(0, 6));
        (frame[6], frame[7]) = ((byte)(crc & 0xFF), (byte)(crc >> 8));
        return frame;
    }

    private static IEnumerable<byte[]> Published(string name)
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(RepositoryRoot.Combine("samples", "modbus", "frames.json")));
        return [.. file.RootElement.GetProperty("frames").EnumerateArray()
            .Where(f => f.TryGetProperty(name, out _)).Select(f => Convert.FromHexString(f.GetProperty(name).GetString()!))];
    }
}
